import { Stack, Text, Title } from '@mantine/core';
import { Nothing } from '../../../parts/page-states.js';
import type { Insights } from './insights-queries.js';
import { ShareBar } from './share-bar.js';

const TIERS: Readonly<Record<string, string>> = {
  platinum: 'recent, frequent and spending: 13 to 15 points of 15',
  gold: '10 to 12 points',
  silver: '7 to 9 points',
  bronze: '3 to 6 points',
};
const SEGMENTS: Readonly<Record<string, string>> = {
  small: 'small baskets',
  lowAverage: 'below average',
  average: 'above average',
  high: 'large baskets',
};

export function CustomersInsight({ insights: { loyaltyTiers, spendingSegments } }: { insights: Insights }) {
  if (loyaltyTiers.every(({ count }) => count === 0))
    return <Nothing title="No customer has bought anything yet">Tiers are told from purchases.</Nothing>;
  return (
    <Stack gap="lg">
      <div>
        <Title order={3} mb="xs">
          Loyalty
        </Title>
        <ShareBar
          label="Customers by loyalty tier"
          unit="customers"
          parts={[...loyaltyTiers]
            .reverse()
            .map(({ name, count }) => ({ name, count, meaning: TIERS[name] }))}
        />
      </div>
      <div>
        <Title order={3} mb="xs">
          Spending on a day with a purchase
        </Title>
        <ShareBar
          label="Customers by spending"
          unit="customers"
          parts={spendingSegments.map(({ name, count }) => ({ name: SEGMENTS[name] ?? name, count }))}
        />
        <Text size="sm" c="dimmed" mt="xs">
          Quarters of your own customers, so they are about equal by construction.
        </Text>
      </div>
    </Stack>
  );
}
