import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { parseChange, type AuditEntry, type AuditVerification } from '#libs/domain';
import { ListQueryDto } from '../openapi/list-query.dto.js';

const PROBLEMS = ['missing', 'changed', 'chainBroken', 'wrongSequence', 'endMissing'] as const;

export class AuditQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Entries with a lower sequence only.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;
}

export class AuditedChangeDto {
  @ApiProperty({ type: 'integer', example: 42 }) sequence!: number;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) at!: string;
  @ApiProperty({ example: 'lifecycle.changed' }) action!: string;
  @ApiProperty({ example: 'Anna Adler <anna@green-grocer.example>' }) actor!: string;
  @ApiProperty({ type: String, nullable: true }) subject!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Christmas prices go live tonight' })
  reason!: string | null;
  @ApiProperty({ type: Object, nullable: true, example: { from: 'on', to: 'frozen' } })
  detail!: object | null;
  @ApiProperty({ description: 'SHA-256 over this entry and the one before it.' }) sha256!: string;
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditedChangeDto], description: 'Newest first.' }) entries!: AuditedChangeDto[];
}

export class BrokenEntryDto {
  @ApiProperty({ type: 'integer', example: 17 }) sequence!: number;
  @ApiProperty({ enum: PROBLEMS, example: 'changed' }) problem!: (typeof PROBLEMS)[number];
}

export class AuditVerificationDto {
  @ApiProperty({ type: 'integer', description: 'Followed and found intact.' }) entries!: number;
  @ApiProperty({ description: 'Whether the chain is whole, to its end.' }) intact!: boolean;
  @ApiProperty({ type: BrokenEntryDto, nullable: true }) broken!: BrokenEntryDto | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of the last entry: keep it elsewhere to compare.',
  })
  sha256!: string | null;
}

export function toAuditedChangeDto(entry: AuditEntry): AuditedChangeDto {
  const { sequence, at, action, actor, subject, reason, detail } = parseChange(entry);
  return { sequence, at, action, actor, subject, reason, detail, sha256: entry.sha256 };
}

export function toVerificationDto({
  entries,
  intact,
  broken,
  head,
}: AuditVerification): AuditVerificationDto {
  return { entries, intact, broken: broken ?? null, sha256: head?.sha256 ?? null };
}
