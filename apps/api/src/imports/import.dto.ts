import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  IMPORT_ENTITIES,
  ROW_ERROR_CODES,
  type ImportEntity,
  type ImportReport,
  type ImportResult,
  type ImportStatus,
  type RowError,
  type RowErrorCode,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

export class ImportQueryDto {
  @ApiPropertyOptional({
    example: 'uci-online-retail',
    description: 'Name of a mapping that ships with the platform.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(/^[a-z0-9-]+$/, { message: 'mapping must be the name of a shipped mapping' })
  mapping?: string;

  @ApiPropertyOptional({
    example: 'onlineretail.csv.gz',
    description: 'For the record: what the file is called.',
  })
  @IsOptional()
  @IsPlainText(200)
  source?: string;
}

export class RowErrorDto {
  @ApiProperty({ example: 17, description: 'The data row, counted from 1 without the header.' }) row!: number;
  @ApiProperty({ example: 16, description: 'The same, counted from 0.' }) index!: number;
  @ApiPropertyOptional({
    example: 'occurredAt',
    description: 'Field of the schema; absent when the record could not be read.',
  })
  field?: string;
  @ApiPropertyOptional({ example: 'InvoiceDate', description: 'Column of the file.' }) column?: string;
  @ApiProperty({ enum: ROW_ERROR_CODES, example: 'badDate' }) code!: RowErrorCode;
  @ApiProperty({ example: '"yesterday" is no date in the format iso.' }) message!: string;
}

export class ImportCountsDto {
  @ApiProperty({ example: 10_624, description: 'Negative quantities and rows of type return.' })
  returns!: number;
  @ApiProperty({ example: 2, description: 'Negative prices, where the mapping keeps them.' })
  refunds!: number;
  @ApiProperty({ example: 2_515 }) zeroPrice!: number;
  @ApiProperty({ example: 135_080 }) withoutCustomer!: number;
}

class ImportNumbersDto {
  @ApiProperty({ format: 'uuid' }) importId!: string;
  @ApiProperty({ enum: IMPORT_ENTITIES, example: 'interactions' }) entity!: ImportEntity;
  @ApiProperty({ example: 541_909 }) read!: number;
  @ApiProperty({ example: 541_908 }) accepted!: number;
  @ApiProperty({ example: 0, description: 'There already, or twice in the file.' }) alreadyKnown!: number;
  @ApiProperty({ example: 1 }) rejected!: number;
  @ApiProperty({ type: String, nullable: true, description: 'Address of all rejected rows, as NDJSON.' })
  rejectedRows!: string | null;
}

export class ImportResultDto extends ImportNumbersDto {
  @ApiProperty({ type: [RowErrorDto], description: 'Errors of the first 1,000 rejected rows.' })
  rejections!: readonly RowErrorDto[];
  @ApiProperty({ type: ImportCountsDto, description: 'Of the good rows; interactions only.' })
  counts!: ImportCountsDto;
  @ApiProperty({ example: 6.2 }) seconds!: number;
}

export class ImportReportDto extends ImportNumbersDto {
  @ApiProperty({ example: 'csv' }) format!: string;
  @ApiProperty({ example: 'onlineretail.csv.gz' }) source!: string;
  @ApiProperty({ enum: ['running', 'succeeded', 'failed'], example: 'succeeded' }) status!: ImportStatus;
  @ApiProperty({ example: 'integrator (4f1d0c2b9a8e7d66)' }) requestedBy!: string;
  @ApiProperty({ type: String, nullable: true }) error!: string | null;
  @ApiProperty() startedAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) finishedAt!: Date | null;
}

export class ImportListDto {
  @ApiProperty({ type: [ImportReportDto], description: 'Newest first.' }) imports!: ImportReportDto[];
}

export function toImportResultDto(tenantSlug: string, result: ImportResult): ImportResultDto {
  const { importId, entity, read, accepted, alreadyKnown, rejected, counts, seconds, rejectedFile } = result;
  const rejections: readonly RowError[] = result.rejections;
  const rejectedRows = rejectedRowsAddress(tenantSlug, importId, rejectedFile);
  return {
    importId,
    entity,
    read,
    accepted,
    alreadyKnown,
    rejected,
    rejectedRows,
    rejections,
    counts,
    seconds,
  };
}

export function toImportReportDto(tenantSlug: string, report: ImportReport): ImportReportDto {
  const { rejectedFile, error, finishedAt, ...rest } = report;
  const rejectedRows = rejectedRowsAddress(tenantSlug, report.importId, rejectedFile);
  return { ...rest, rejectedRows, error: error ?? null, finishedAt: finishedAt ?? null };
}

/** Where the file is kept is nobody's business; where it can be had is. */
function rejectedRowsAddress(tenantSlug: string, importId: string, file: string | undefined): string | null {
  return file === undefined ? null : `/v1/tenants/${tenantSlug}/imports/${importId}/rejected`;
}
