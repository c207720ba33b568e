import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { CustomerDetail, CustomerProfileRow } from '#libs/domain';
import { RECOMMENDATION_STATUSES, STATUS_REASONS, type RecommendedItem } from '#libs/serving';
import { ListQueryDto } from '../openapi/list-query.dto.js';

export class CustomersQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ example: 'C0017', description: 'With what the id begins, in capitals or not.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;
}

export class CustomerDto {
  @ApiProperty({ example: 'C001796' }) customerId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'CH' }) country!: string | null;
  @ApiProperty({ type: String, nullable: true }) region!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'families' }) segment!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'gold' }) tier!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '35-44' }) ageBand!: string | null;
  @ApiProperty({ type: String, nullable: true }) gender!: string | null;
}

export class CustomerListDto {
  @ApiProperty({ type: [CustomerDto] }) customers!: CustomerDto[];
}

export class PastInteractionDto {
  @ApiProperty({ example: 'purchase' }) type!: string;
  @ApiProperty({ example: 'P0042' }) productId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Oat milk' }) productName!: string | null;
  @ApiProperty() occurredAt!: Date;
  @ApiProperty({ type: Number, nullable: true, example: 2 }) quantity!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 2.55 }) unitPrice!: number | null;
}

export class CustomerDetailDto extends CustomerDto {
  @ApiProperty({ example: 412 }) interactions!: number;
  @ApiProperty({ type: [PastInteractionDto], description: 'Newest first; the newest hundred.' })
  history!: PastInteractionDto[];
}

export class ExplainCustomerDto {
  @ApiPropertyOptional({ example: 2, description: 'The version in service if absent.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(999_999_999)
  modelVersion?: number;

  @ApiPropertyOptional({
    type: Object,
    example: { steps: { upsell: { factor: 0.3 } } },
    description: 'Settings of re-ranking as they would be saved; those in force if absent.',
  })
  @IsOptional()
  @IsObject()
  settings?: Record<string, unknown>;

  @ApiPropertyOptional({ example: 10, minimum: 1, maximum: 50, default: 10 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  count: number = 10;
}

export class ScoreStepDto {
  @ApiProperty({ example: 'ials', description: 'Voice, step of re-ranking, or rules.' }) step!: string;
  @ApiProperty({ example: 0.412, description: 'The score after it; of a voice: what it adds.' })
  score!: number;
  @ApiPropertyOptional({ example: 1.15 }) factor?: number;
}

export class ExplainedItemDto {
  @ApiProperty({ example: 'P0042' }) productId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Oat milk' }) productName!: string | null;
  @ApiProperty({ example: 0.412 }) score!: number;
  @ApiProperty({ example: 'ials' }) source!: string;
  @ApiProperty({ type: [String] }) reasons!: readonly string[];
  @ApiProperty({ type: [ScoreStepDto], description: 'How the score came about, in order.' })
  breakdown!: readonly ScoreStepDto[];
}

export class CustomerExplanationDto {
  @ApiProperty({ example: 2 }) modelVersion!: number;
  @ApiProperty({ enum: RECOMMENDATION_STATUSES }) status!: string;
  @ApiProperty({ enum: STATUS_REASONS, nullable: true }) statusReason!: string | null;
  @ApiProperty({ type: [ExplainedItemDto] }) items!: ExplainedItemDto[];
}

export function toCustomerDto(row: CustomerProfileRow): CustomerDto {
  const { customerId, country, region, segment, tier, ageBand, gender } = row;
  return {
    ...{ customerId, country: country ?? null, region: region ?? null, segment: segment ?? null },
    ...{ tier: tier ?? null, ageBand: ageBand ?? null, gender: gender ?? null },
  };
}

export function toCustomerDetailDto(detail: CustomerDetail): CustomerDetailDto {
  const history = detail.history.map(({ type, productId, occurredAt, ...rest }) => ({
    ...{ type, productId, productName: rest.productName ?? null, occurredAt },
    ...{ quantity: rest.quantity ?? null, unitPrice: rest.unitPrice ?? null },
  }));
  return { ...toCustomerDto(detail), interactions: detail.interactions, history };
}

export function toExplainedItemDto(
  { productId, score, source, reasons, breakdown = [] }: RecommendedItem,
  names: ReadonlyMap<string, string>,
): ExplainedItemDto {
  return { productId, productName: names.get(productId) ?? null, score, source, reasons, breakdown };
}
