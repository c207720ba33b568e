import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsDate,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
  MinDate,
} from 'class-validator';
import {
  DEFAULT_OVERLAP_HOURS,
  KEY_SCOPES,
  MAXIMUM_OVERLAP_HOURS,
  type ApiKey,
  type KeyScope,
  type ListedApiKey,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

export class CreateKeyDto {
  @ApiProperty({ example: 'web shop', maxLength: 100 })
  @IsPlainText(100)
  name!: string;

  @ApiProperty({ enum: KEY_SCOPES, isArray: true, example: ['read', 'feedback'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(KEY_SCOPES, { each: true })
  scopes!: KeyScope[];

  @ApiPropertyOptional({ example: '2027-11-21T00:00:00Z', description: 'Never expires if absent.' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  @MinDate(() => new Date(), { message: 'expiresAt must lie in the future' })
  expiresAt?: Date;
}

export class KeyDto {
  @ApiProperty({ example: '4f1d0c2b9a8e7d66' }) keyId!: string;
  @ApiProperty({ example: 'web shop' }) name!: string;
  @ApiProperty({ enum: KEY_SCOPES, isArray: true, example: ['read', 'feedback'] })
  scopes!: readonly KeyScope[];
  @ApiProperty({ type: Date, nullable: true }) expiresAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) revokedAt!: Date | null;
}

export class ListedKeyDto extends KeyDto {
  @ApiProperty({ type: Date, nullable: true, description: 'To about a minute.' }) lastUsedAt!: Date | null;
}

export class RotateKeyDto {
  @ApiPropertyOptional({
    type: 'integer',
    default: DEFAULT_OVERLAP_HOURS,
    minimum: 0,
    maximum: MAXIMUM_OVERLAP_HOURS,
    description: 'So long the old key opens as well.',
  })
  @IsInt()
  @Min(0)
  @Max(MAXIMUM_OVERLAP_HOURS)
  overlapHours: number = DEFAULT_OVERLAP_HOURS;
}

export class CreatedKeyDto extends KeyDto {
  @ApiProperty({ description: 'Shown this once and kept nowhere.', example: 'ns_live_4f1d0c2b9a8e7d66_…' })
  token!: string;
}

export class KeyListDto {
  @ApiProperty({ type: [ListedKeyDto] }) keys!: ListedKeyDto[];
}

export function toKeyDto({ keyId, name, scopes, expiresAt, revokedAt }: ApiKey): KeyDto {
  return { keyId, name, scopes, expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null };
}

export function toListedKeyDto(key: ListedApiKey): ListedKeyDto {
  return { ...toKeyDto(key), lastUsedAt: key.lastUsedAt ?? null };
}
