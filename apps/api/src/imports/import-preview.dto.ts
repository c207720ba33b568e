import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IMPORT_ENTITIES, type ImportEntity, type ImportPreview, type PreviewedRow } from '#libs/domain';
import { RowErrorDto } from './import.dto.js';

/** In characters: the beginning of a file, some hundred rows of it. */
export const LONGEST_SAMPLE = 262_144;

export class PreviewImportDto {
  @ApiProperty({
    example:
      'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n7,A-1,2,2010-12-01 08:26,2.55,17850\n',
    maxLength: LONGEST_SAMPLE,
    description: 'The beginning of a CSV or NDJSON file, unpacked: whole lines.',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_SAMPLE)
  sample!: string;

  @ApiPropertyOptional({ type: Object, description: 'A mapping as it would be sent; guessed if absent.' })
  @IsOptional()
  @IsObject()
  mapping?: object;

  @ApiPropertyOptional({ enum: IMPORT_ENTITIES, description: 'What the file holds; guessed if absent.' })
  @IsOptional()
  @IsIn(IMPORT_ENTITIES)
  entity?: ImportEntity;

  @ApiPropertyOptional({ example: 8, minimum: 1, maximum: 50, default: 8 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  count: number = 8;
}

export class PreviewedRowDto {
  @ApiProperty({ example: 17, description: 'The data row, counted from 1 without the header.' }) row!: number;
  @ApiProperty({ type: Object, example: { StockCode: 'A-1' }, description: 'As it stands in the file.' })
  values!: object;
  @ApiProperty({ type: Object, nullable: true, description: 'What it becomes; null where it is rejected.' })
  record!: object | null;
  @ApiProperty({ type: [RowErrorDto] }) errors!: readonly RowErrorDto[];
}

export class ImportPreviewDto {
  @ApiProperty({ type: [String], example: ['InvoiceNo', 'StockCode'] }) columns!: readonly string[];
  @ApiProperty({ type: Object, description: 'The one that was sent, or a guess to start from.' })
  mapping!: object;
  @ApiProperty({ example: 412, description: 'Rows of the sample.' }) read!: number;
  @ApiProperty({ example: 3 }) rejected!: number;
  @ApiProperty({ type: [PreviewedRowDto], description: 'Rejected ones first, then good ones.' })
  rows!: PreviewedRowDto[];
}

export function toImportPreviewDto({
  columns,
  mapping,
  read,
  rejected,
  rows,
}: ImportPreview): ImportPreviewDto {
  const toRow = ({ record, ...row }: PreviewedRow) => ({ ...row, record: record ?? null });
  return { columns, mapping, read, rejected, rows: rows.map(toRow) };
}
