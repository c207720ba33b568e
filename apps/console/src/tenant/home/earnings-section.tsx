import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { DailyBars } from '../../parts/daily-bars.js';
import { Day } from '../../parts/moment.js';
import { count, money, whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { useTenant } from '../tenant-context.js';
import { EARNING_DAYS, earningsQuery, kpisQuery, type Earnings, type Kpis } from './kpi-queries.js';
import classes from './home-page.module.css';

export function EarningsSection() {
  const { tenant } = useTenant();
  const earnings = useQuery(earningsQuery(tenant));
  const kpis = useQuery(kpisQuery(tenant));
  return (
    <Section title="What recommendations earned" note={`Last ${EARNING_DAYS} days`}>
      <Loaded query={earnings} lines={4}>
        {(data) => <EarningsShown earnings={data} kpis={kpis.data} />}
      </Loaded>
    </Section>
  );
}

function EarningsShown({ earnings, kpis }: { earnings: Earnings; kpis: Kpis | undefined }) {
  const { revenue, purchases, customers, currency, windowDays, withoutPrice } = earnings;
  if (purchases.value === 0 && earnings.before.purchases.value === 0)
    return (
      <Nothing title="No purchase that a recommendation preceded yet">
        They are counted as soon as your shop reports what it has shown and sold: see “API”.
      </Nothing>
    );
  return (
    <Stack gap="sm">
      <div>
        <div className={`${classes.figure} ns-numbers`}>{money(revenue.value, currency)}</div>
        <Text size="sm" c="dimmed">
          {money(revenue.low, currency)} to {money(revenue.high, currency)} with 95 % confidence, from{' '}
          {count(purchases.value, 'purchase')} by {count(customers, 'customer')}
        </Text>
      </div>
      <Text size="sm">{comparison(earnings)}</Text>
      {kpis !== undefined && (
        <DailyBars
          title={`Attributed revenue a day, in ${currency}`}
          unit={currency}
          days={daysOf(earnings, kpis)}
        />
      )}
      <Text size="xs" c="dimmed">
        Purchases within {windowDays} days of a recommendation that showed the product. What would have been
        bought anyway is not taken off: that takes a control group.
        {withoutPrice > 0 && ` ${whole(withoutPrice)} of them came without a price.`}
      </Text>
    </Stack>
  );
}

/** Says "more" or "less" only where the intervals leave no doubt. */
function comparison({ revenue, before, currency }: Earnings) {
  const earlier = (
    <>
      the {EARNING_DAYS} days before (<Day day={before.from} /> to <Day day={before.to} />
      {before.purchases.value > 0 && `, ${money(before.revenue.value, currency)}`})
    </>
  );
  if (before.purchases.value === 0) return <>Nothing was counted in {earlier}.</>;
  if (revenue.low > before.revenue.high) return <>Clearly more than in {earlier}.</>;
  if (revenue.high < before.revenue.low) return <>Clearly less than in {earlier}.</>;
  return <>Not clearly different from {earlier}.</>;
}

const DAY_MS = 86_400_000;

/** Every day of the period, those without a purchase too. */
function daysOf({ from, to }: Earnings, kpis: Kpis) {
  const revenueByDay = new Map(kpis.days.map(({ day, attributedRevenue }) => [day, attributedRevenue]));
  const days: { day: string; value: number }[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push({ day, value: revenueByDay.get(day) ?? 0 });
  }
  return days;
}
