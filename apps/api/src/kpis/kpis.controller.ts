import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { DateTime } from 'luxon';
import {
  addDays,
  cloneTemplate,
  earningsOf,
  InvalidInputError,
  KpiReadModel,
  toDailyKpis,
  type DayRange,
  type Tenant,
} from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import {
  AttributedPurchasesDto,
  DayRangeQueryDto,
  EarningsDto,
  EarningsQueryDto,
  KpisDto,
  PurchasesQueryDto,
  toAttributedPurchaseDto,
  toDailyKpisDto,
  toPeriodEarningsDto,
} from './kpi.dto.js';

const DEFAULT_DAYS = 30;
const MAXIMUM_DAYS = 366;

@ApiTenantRoutes('kpis')
@RequireScope('read', 'data', 'admin')
@Controller('v1/tenants/:tenant/kpis')
export class KpisController {
  constructor(private readonly kpis: KpiReadModel) {}

  @Get()
  @ApiOperation({
    summary: 'What recommendations came to, day by day',
    description: 'Counted every quarter of an hour. What is told late changes the days that it belongs to.',
  })
  @ApiOkResponse({ type: KpisDto })
  @ApiProblems(400)
  async days(@CurrentTenant() tenant: Tenant, @Query() query: DayRangeQueryDto): Promise<KpisDto> {
    const today = todayOf(tenant);
    const windowDays = cloneTemplate(tenant.settings).attributionWindowDays;
    const range = rangeOf(query, today);
    const days = await this.kpis.days(tenant.id, range);
    const settledBefore = addDays(today, -windowDays);
    return {
      currency: tenant.currency,
      windowDays,
      countedUntil: (await this.kpis.recordedUntil(tenant.id)) ?? null,
      nights: await this.kpis.nights(tenant.id, range),
      days: days.map((counts) => toDailyKpisDto(toDailyKpis(counts), settledBefore)),
    };
  }

  @Get('earnings')
  @ApiOperation({
    summary: 'What recommendations earned, with its uncertainty, and the same for the days before',
    description:
      'Purchases of these days that a recommendation preceded. The interval (95 %) is by how much chance alone would move the sum ' +
      'if as many customers came again. What would have been bought anyway is not taken off: that takes a control group.',
  })
  @ApiOkResponse({ type: EarningsDto })
  @ApiProblems(400)
  async earnings(@CurrentTenant() tenant: Tenant, @Query() { days }: EarningsQueryDto): Promise<EarningsDto> {
    const last = todayOf(tenant);
    const first = addDays(last, 1 - days);
    const [now, before] = await Promise.all(
      [
        { first, last },
        { first: addDays(first, -days), last: addDays(first, -1) },
      ].map(async (range) =>
        toPeriodEarningsDto(range, earningsOf(await this.kpis.earnings(tenant.id, range))),
      ),
    );
    const windowDays = cloneTemplate(tenant.settings).attributionWindowDays;
    return { ...now, currency: tenant.currency, windowDays, before };
  }

  @Get('purchases')
  @ApiOperation({ summary: 'Purchases and the recommendations that preceded them' })
  @ApiOkResponse({ type: AttributedPurchasesDto })
  @ApiProblems(400)
  async purchases(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit, ...query }: PurchasesQueryDto,
  ): Promise<AttributedPurchasesDto> {
    const records = await this.kpis.purchases(tenant.id, rangeOf(query, todayOf(tenant)), limit);
    return { purchases: records.map(toAttributedPurchaseDto) };
  }
}

function todayOf({ timeZone }: Tenant): string {
  return DateTime.now().setZone(timeZone).toISODate() as string;
}

function rangeOf({ from, to }: { readonly from?: string; readonly to?: string }, today: string): DayRange {
  const last = to ?? today;
  const first = from ?? addDays(last, 1 - DEFAULT_DAYS);
  const refuse = (message: string) =>
    new InvalidInputError('invalidFields', `From ${message}.`, [{ field: 'from', code: 'range', message }]);
  if (first > last) throw refuse('must not lie behind to');
  if (addDays(first, MAXIMUM_DAYS - 1) < last)
    throw refuse(`must lie at most ${MAXIMUM_DAYS} days before to`);
  return { first, last };
}
