import { ApiProperty } from '@nestjs/swagger';
import type { CustomerExport, Erasure, ErasureStatus, ErasureSubject } from '#libs/domain';
import { IsPlainText } from '#libs/http';

const SUBJECTS = ['customer', 'tenant'] as const;
const STATUSES = ['queued', 'running', 'succeeded'] as const;

export class EraseTenantDto {
  @ApiProperty({ example: 'my-shop', description: "The tenant's name, exactly as in the address." })
  @IsPlainText(63)
  confirm!: string;
}

export class ReceiptEntryDto {
  @ApiProperty({ example: 'postgres' }) store!: string;
  @ApiProperty({ example: 'interaction' }) what!: string;
  @ApiProperty({ example: 42 }) count!: number;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) doneAt!: string;
}

export class AcknowledgementDto {
  @ApiProperty({ format: 'uuid' }) nodeId!: string;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) acknowledgedAt!: Date;
}

export class ErasureDto {
  @ApiProperty({ format: 'uuid' }) erasureId!: string;
  @ApiProperty({ enum: SUBJECTS }) subject!: ErasureSubject;
  @ApiProperty({ enum: STATUSES }) status!: ErasureStatus;
  @ApiProperty({ example: 'support (4f1d0c2b9a8e7d66)' }) requestedBy!: string;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) requestedAt!: Date;
  @ApiProperty({ type: Date, nullable: true, example: '2026-11-20T16:45:09.000Z' }) finishedAt!: Date | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'run',
    description: 'What still works with a picture from before: a run, an export, an import.',
  })
  waitingFor!: string | null;
  @ApiProperty({ type: [ReceiptEntryDto], description: 'Per store: what was removed, and how much.' })
  receipt!: readonly ReceiptEntryDto[];
  @ApiProperty({ type: [AcknowledgementDto], description: 'Serving nodes that have forgotten the customer.' })
  acknowledgements!: readonly AcknowledgementDto[];
}

export class ErasureListDto {
  @ApiProperty({ type: [ErasureDto], description: 'Newest first.' }) erasures!: readonly ErasureDto[];
}

const ROWS = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

export class ListedProductDto {
  @ApiProperty({ example: 'p-7' }) productId!: string;
  @ApiProperty({ example: 0.82 }) score!: number;
  @ApiProperty({ example: 'ials' }) source!: string;
}

export class ExportedListDto {
  @ApiProperty({ example: 3 }) modelVersion!: number;
  @ApiProperty({ type: [ListedProductDto] }) items!: readonly ListedProductDto[];
}

export class CustomerExportDto implements CustomerExport {
  @ApiProperty({ example: 'customer-1' }) customerId!: string;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) generatedAt!: string;
  @ApiProperty({ type: 'object', additionalProperties: ROWS, description: 'By table, as they are stored.' })
  rows!: CustomerExport['rows'];
  @ApiProperty({ type: ExportedListDto, nullable: true, description: 'What is recommended to them now.' })
  rankedList!: CustomerExport['rankedList'];
  @ApiProperty({ type: 'array', items: {}, description: 'Rejected rows of imports that name the customer.' })
  rejectedRows!: readonly unknown[];
}

export function toErasureDto(erasure: Erasure): ErasureDto {
  const { waitingFor, finishedAt, ...rest } = erasure;
  return { ...rest, waitingFor: waitingFor ?? null, finishedAt: finishedAt ?? null };
}
