import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Max,
  Min,
} from 'class-validator';
import {
  EXPORT_FORMATS,
  EXPORT_STATUSES,
  LONGEST_CONTACT_DAYS,
  PIPELINE_TEMPLATE,
  type ExportEvent,
  type ExportEventKind,
  type ExportFormat,
  type ExportOptions,
  type ExportStatus,
  type ListExport,
} from '#libs/domain';

const MAXIMUM_SEED = 2_147_483_647;
const WHOLE = { type: 'integer' } as const;

export class ExportOptionsDto {
  @ApiProperty({ enum: EXPORT_FORMATS, example: 'csv' })
  @IsIn(EXPORT_FORMATS)
  format!: ExportFormat;

  @ApiPropertyOptional({
    ...WHOLE,
    minimum: 1,
    maximum: 100,
    default: 10,
    description: 'Products per customer.',
  })
  @IsInt()
  @Min(1)
  @Max(100)
  count: number = 10;

  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: 100,
    example: ['loyal'],
    description: 'Customers of these segments; all if absent.',
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, {
    each: true,
    message: 'segments must be texts without control characters',
  })
  segments?: string[];

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 1,
    default: 0,
    example: 0.1,
    description: 'Share of the customers who get nothing, to compare with. The same customers each time.',
  })
  @IsNumber()
  @Min(0)
  @Max(1)
  controlShare: number = 0;

  @ApiPropertyOptional({
    ...WHOLE,
    minimum: 0,
    maximum: MAXIMUM_SEED,
    description: 'Another seed, another control group.',
  })
  @IsInt()
  @Min(0)
  @Max(MAXIMUM_SEED)
  controlSeed: number = PIPELINE_TEMPLATE.seed;

  @ApiPropertyOptional({
    ...WHOLE,
    minimum: 0,
    maximum: LONGEST_CONTACT_DAYS,
    default: 0,
    example: 14,
    description: 'Whoever got something in an export of the last so many days gets nothing.',
  })
  @IsInt()
  @Min(0)
  @Max(LONGEST_CONTACT_DAYS)
  notAgainWithinDays: number = 0;

  @ApiPropertyOptional({
    minimum: -1e9,
    maximum: 1e9,
    example: 0.05,
    description: 'Products with a lower score are left out. Scores of one model version can be compared.',
  })
  @IsOptional()
  @IsNumber()
  @Min(-1e9)
  @Max(1e9)
  minimumScore?: number;

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 1,
    example: 0.2,
    description: "The same as a share of the best score of the customer's list, as in rules.",
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  minimumRelevance?: number;
}

export class ExportDto {
  @ApiProperty({ format: 'uuid' }) exportId!: string;
  @ApiProperty({ enum: EXPORT_STATUSES, example: 'running' }) status!: ExportStatus;
  @ApiProperty({ type: ExportOptionsDto }) options!: ExportOptions;
  @ApiProperty({ example: 0.4, minimum: 0, maximum: 1 }) progress!: number;
  @ApiProperty({ example: 3_208, description: 'Customers looked at so far.' }) customers!: number;
  @ApiProperty({ example: 2_871, description: 'Of these: with something to recommend.' })
  recommended!: number;
  @ApiProperty({ example: 29_047 }) rows!: number;
  @ApiProperty({ type: Number, nullable: true, example: 7 }) modelVersion!: number | null;
  @ApiProperty({ type: Number, nullable: true }) bytes!: number | null;
  @ApiProperty({ type: String, nullable: true }) sha256!: string | null;
  @ApiProperty({ example: 'campaigns (4f1d0c2b9a8e7d66)' }) requestedBy!: string;
  @ApiProperty() requestedAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) finishedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true, description: 'When the file is deleted.' })
  expiresAt!: Date | null;
  @ApiProperty({ type: String, nullable: true, description: 'Address of the file, while it is there.' })
  file!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) errorCode!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) errorMessage!: string | null;
}

export class ExportListDto {
  @ApiProperty({ type: [ExportDto], description: 'Newest first.' }) exports!: ExportDto[];
}

export class ExportEventDto {
  @ApiProperty({ enum: ['requested', 'downloaded', 'deleted'] }) kind!: ExportEventKind;
  @ApiProperty({ example: 'campaigns (4f1d0c2b9a8e7d66)' }) actor!: string;
  @ApiProperty() at!: Date;
}

export class ExportHistoryDto {
  @ApiProperty({ type: [ExportEventDto], description: 'Oldest first.' }) events!: readonly ExportEvent[];
}

export function toExportDto(tenantSlug: string, found: ListExport): ExportDto {
  const { exportId, status, options, progress, customers, recommended, rows, requestedBy, requestedAt } =
    found;
  return {
    ...{ exportId, status, options, progress, customers, recommended, rows, requestedBy, requestedAt },
    modelVersion: found.modelVersion ?? null,
    bytes: found.bytes ?? null,
    sha256: found.sha256 ?? null,
    finishedAt: found.finishedAt ?? null,
    expiresAt: found.expiresAt ?? null,
    file: status === 'succeeded' ? `/v1/tenants/${tenantSlug}/exports/${exportId}/file` : null,
    errorCode: found.errorCode ?? null,
    errorMessage: found.errorMessage ?? null,
  };
}
