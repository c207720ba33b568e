import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { AttributedPurchaseRecord, DailyKpis, Earnings } from '#libs/domain';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { IsLocalDate } from './is-local-date.js';

const DAY = { format: 'date', example: '2026-11-21' };
const SHARE = { type: Number, nullable: true, minimum: 0, maximum: 1 };

export class DayRangeQueryDto {
  @ApiPropertyOptional({ ...DAY, description: "The tenant's local date; 29 days before `to` if absent." })
  @IsOptional()
  @IsLocalDate()
  from?: string;

  @ApiPropertyOptional({ ...DAY, description: 'Today if absent.' })
  @IsOptional()
  @IsLocalDate()
  to?: string;
}

export class PurchasesQueryDto extends ListQueryDto {
  @ApiPropertyOptional(DAY) @IsOptional() @IsLocalDate() from?: string;
  @ApiPropertyOptional(DAY) @IsOptional() @IsLocalDate() to?: string;
}

export class DailyKpisDto {
  @ApiProperty({ ...DAY, description: "The tenant's local date." }) day!: string;
  @ApiProperty({ example: 18_204, description: 'Answers that serving nodes gave.' }) served!: number;
  @ApiProperty({ example: 91, description: 'Of these: with nothing to recommend.' }) none!: number;
  @ApiProperty({ example: 9_120, description: 'Products shown (impressions).' }) shown!: number;
  @ApiProperty({ example: 730, description: 'Of these: clicked within the window.' }) clicked!: number;
  @ApiProperty({ example: 310, description: 'Of these: bought within the window.' }) bought!: number;
  @ApiProperty({ example: 402, description: 'Accepted, reported on this day.' }) accepted!: number;
  @ApiProperty({ example: 57, description: 'Rejected, reported on this day.' }) rejected!: number;
  @ApiProperty({ example: 298, description: 'Purchases of this day that a recommendation preceded.' })
  attributedPurchases!: number;
  @ApiProperty({ example: 4_120.5, description: "Of these, in the tenant's currency." })
  attributedRevenue!: number;
  @ApiProperty({ example: 640, description: 'Different products shown, of those on sale.' })
  productsShown!: number;
  @ApiProperty({ example: 812 }) productsOnSale!: number;
  @ApiProperty({ ...SHARE, example: 0.08, description: 'clicked / shown' }) clickThrough!: number | null;
  @ApiProperty({ ...SHARE, example: 0.034, description: 'bought / shown' }) conversion!: number | null;
  @ApiProperty({ ...SHARE, example: 0.005, description: 'none / served' }) noneShare!: number | null;
  @ApiProperty({ ...SHARE, example: 0.788, description: 'productsShown / productsOnSale' })
  coverage!: number | null;
  @ApiProperty({ description: 'False while the window of purchases is open: shares may still grow.' })
  settled!: boolean;
}

export class KpisDto {
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ example: 14, description: 'Days from showing to buying.' }) windowDays!: number;
  @ApiProperty({ type: Date, nullable: true, description: 'What was recorded until then is counted.' })
  countedUntil!: Date | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { promoted: 4, kept: 17, unchanged: 9 },
    description: 'How the runs of these nights ended: by outcome, and failed.',
  })
  nights!: Readonly<Record<string, number>>;
  @ApiProperty({ type: [DailyKpisDto], description: 'Days on which something happened, oldest first.' })
  days!: DailyKpisDto[];
}

export class EarningsQueryDto {
  @ApiPropertyOptional({ minimum: 1, maximum: 183, default: 14, description: 'Days up to today.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(183)
  days: number = 14;
}

export class IntervalDto {
  @ApiProperty({ example: 4_120.5 }) value!: number;
  @ApiProperty({ example: 3_688.2, description: 'Lower end of the 95 % interval.' }) low!: number;
  @ApiProperty({ example: 4_552.8 }) high!: number;
}

class PeriodEarningsDto {
  @ApiProperty(DAY) from!: string;
  @ApiProperty(DAY) to!: string;
  @ApiProperty({ example: 214, description: 'Customers who bought something that was recommended to them.' })
  customers!: number;
  @ApiProperty({ description: "In the tenant's currency." }) revenue!: IntervalDto;
  @ApiProperty() purchases!: IntervalDto;
  @ApiProperty({ example: 3, description: 'Purchases of which nobody told a price.' }) withoutPrice!: number;
}

export class EarningsDto extends PeriodEarningsDto {
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ example: 14, description: 'Days from showing to buying.' }) windowDays!: number;
  @ApiProperty({ description: 'As many days right before.' }) before!: PeriodEarningsDto;
}

export const toPeriodEarningsDto = (
  { first, last }: { readonly first: string; readonly last: string },
  earnings: Earnings,
): PeriodEarningsDto => ({ from: first, to: last, ...earnings });

export class AttributedPurchaseDto {
  @ApiProperty({ example: 'outcome:9b2f…' }) purchaseId!: string;
  @ApiProperty(DAY) day!: string;
  @ApiProperty({ example: 'C001796' }) customerId!: string;
  @ApiProperty({ example: 'P00042' }) productId!: string;
  @ApiProperty() boughtAt!: Date;
  @ApiProperty({ type: Number, nullable: true, example: 9.5, description: 'Null where no price was told.' })
  revenue!: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Null where whoever showed it did not say.' })
  recommendationId!: string | null;
  @ApiProperty() shownAt!: Date;
}

export class AttributedPurchasesDto {
  @ApiProperty({ type: [AttributedPurchaseDto], description: 'Newest first.' })
  purchases!: AttributedPurchaseDto[];
}

export function toDailyKpisDto(kpis: DailyKpis, settledBefore: string): DailyKpisDto {
  const { clickThrough = null, conversion = null, noneShare = null, coverage = null } = kpis;
  return { ...kpis, clickThrough, conversion, noneShare, coverage, settled: kpis.day < settledBefore };
}

export function toAttributedPurchaseDto(record: AttributedPurchaseRecord): AttributedPurchaseDto {
  const { revenue = null, recommendationId = null } = record;
  return { ...record, revenue, recommendationId };
}
