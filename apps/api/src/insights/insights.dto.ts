import { ApiProperty } from '@nestjs/swagger';

export class ElasticityCountsDto {
  @ApiProperty({ example: 12, description: 'Units fall faster than the price rises.' }) sensitive!: number;
  @ApiProperty({ example: 31, description: 'The interval holds -1.' }) neutral!: number;
  @ApiProperty({ example: 20, description: 'Units fall more slowly than the price rises.' })
  insensitive!: number;
  @ApiProperty({
    example: 137,
    description: 'Fewer than eight weeks with sales, or a price that has hardly moved.',
  })
  unknown!: number;
}

export class ProductPriceResponseDto {
  @ApiProperty({ example: 'P00042' }) productId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Green tea' }) name!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Tea' }) category!: string | null;
  @ApiProperty({ enum: ['sensitive', 'neutral', 'insensitive'] }) classOf!: string;
  @ApiProperty({ example: -2.4, description: 'Change of the units, in per cent, for 1 % of price.' })
  slope!: number;
  @ApiProperty({ example: -3.1, description: '90 % interval.' }) low!: number;
  @ApiProperty({ example: -1.7 }) high!: number;
  @ApiProperty({ example: 26, description: 'Weeks with sales.' }) weeks!: number;
}

export class CategoryPriceResponseDto extends ElasticityCountsDto {
  @ApiProperty({ example: 'Tea' }) category!: string;
  @ApiProperty({ type: Number, nullable: true, example: -1.4 }) medianSlope!: number | null;
}

export class RepurchaseCycleDto {
  @ApiProperty({ example: 'Tea' }) category!: string;
  @ApiProperty({ example: 210, description: 'Customers who have bought from it.' }) buyers!: number;
  @ApiProperty({ example: 840, description: 'Times that somebody has come back.' }) gaps!: number;
  @ApiProperty({ example: 9, description: 'Days until then: lower quartile.' }) lowerDays!: number;
  @ApiProperty({ example: 14 }) medianDays!: number;
  @ApiProperty({ example: 23, description: 'Upper quartile.' }) upperDays!: number;
  @ApiProperty({ example: 35, description: 'Expected back in the week after the watermark.' })
  dueCustomers!: number;
}

export class NamedCountDto {
  @ApiProperty({ example: 'gold' }) name!: string;
  @ApiProperty({ example: 120 }) count!: number;
}

export class PriceQuartilesDto {
  @ApiProperty({ example: 200, description: 'Products with a price.' }) products!: number;
  @ApiProperty({ example: 0.8 }) lowest!: number;
  @ApiProperty({ example: 2.5 }) lower!: number;
  @ApiProperty({ example: 4.2 }) median!: number;
  @ApiProperty({ example: 7.9 }) upper!: number;
  @ApiProperty({ example: 49 }) highest!: number;
}

export class InsightsDto {
  @ApiProperty({ example: 3, description: 'Version whose lists are in service.' }) modelVersion!: number;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z', description: 'Newest event that is in it.' })
  watermark!: string;
  @ApiProperty({ example: 365, description: 'Days from the first event to the last.' }) days!: number;
  @ApiProperty() elasticity!: ElasticityCountsDto;
  @ApiProperty({ type: [ProductPriceResponseDto], description: 'Strongest response first, 20 at most.' })
  sensitiveProducts!: readonly ProductPriceResponseDto[];
  @ApiProperty({ type: [ProductPriceResponseDto], description: 'Weakest response first, 20 at most.' })
  insensitiveProducts!: readonly ProductPriceResponseDto[];
  @ApiProperty({ type: [CategoryPriceResponseDto] }) categoryResponses!: readonly CategoryPriceResponseDto[];
  @ApiProperty({ type: [RepurchaseCycleDto], description: 'Most buyers first, 50 at most.' })
  cycles!: readonly RepurchaseCycleDto[];
  @ApiProperty({ example: 140, description: 'Customers expected back in at least one category.' })
  dueCustomers!: number;
  @ApiProperty({ type: [NamedCountDto], description: 'By recency, frequency and money.' })
  loyaltyTiers!: readonly NamedCountDto[];
  @ApiProperty({ type: [NamedCountDto], description: 'By spending per purchase day, a quarter each.' })
  spendingSegments!: readonly NamedCountDto[];
  @ApiProperty({ type: PriceQuartilesDto, nullable: true }) prices!: PriceQuartilesDto | null;
}
