import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsDate, IsIn, IsOptional, MinDate } from 'class-validator';
import { KEY_SCOPES, type ApiKey, type KeyScope } from '#libs/domain';
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

export class CreatedKeyDto extends KeyDto {
  @ApiProperty({ description: 'Shown this once and kept nowhere.', example: 'ns_live_4f1d0c2b9a8e7d66_…' })
  token!: string;
}

export class KeyListDto {
  @ApiProperty({ type: [KeyDto] }) keys!: KeyDto[];
}

export function toKeyDto({ keyId, name, scopes, expiresAt, revokedAt }: ApiKey): KeyDto {
  return { keyId, name, scopes, expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null };
}
