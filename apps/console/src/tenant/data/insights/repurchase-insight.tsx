import { Stack, Text } from '@mantine/core';
import { count, whole } from '../../../parts/numbers.js';
import { Nothing } from '../../../parts/page-states.js';
import type { Insights } from './insights-queries.js';
import { IntervalChart } from './interval-chart.js';

const MOST_SHOWN = 15;
const days = (value: number) => value.toFixed(value < 10 ? 1 : 0);

export function RepurchaseInsight({ insights: { cycles, dueCustomers } }: { insights: Insights }) {
  if (cycles.length === 0)
    return (
      <Nothing title="Nobody has come back often enough yet">
        A category’s cycle is told from five returns of a customer on. It takes products with a category, and
        customers who are recognised.
      </Nothing>
    );
  const shown = cycles.slice(0, MOST_SHOWN);
  return (
    <Stack gap="md">
      <Text>
        <strong>{count(dueCustomers, 'customer')}</strong> {dueCustomers === 1 ? 'is' : 'are'} to be expected
        back in at least one category in the week after the newest sale.
      </Text>
      <IntervalChart
        title="Days until customers come back, by category"
        rowName="Category"
        unit="days; bar: the middle half of all returns"
        names={{ low: 'a quarter within', middle: 'half within (days)', high: 'three quarters within' }}
        columns={['returns', 'customers', 'due this week']}
        text={days}
        rows={shown.map(
          ({ category, lowerDays, medianDays, upperDays, gaps, buyers, dueCustomers: due }) => ({
            ...{ key: category, label: category, low: lowerDays, middle: medianDays, high: upperDays },
            cells: [whole(gaps), whole(buyers), whole(due)],
          }),
        )}
      />
      {cycles.length > shown.length && (
        <Text size="sm" c="dimmed">
          The {shown.length} categories with the most customers, of {cycles.length}.
        </Text>
      )}
    </Stack>
  );
}
