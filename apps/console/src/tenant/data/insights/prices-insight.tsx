import { Stack, Table, Text, Title } from '@mantine/core';
import { count, money, whole } from '../../../parts/numbers.js';
import { Nothing } from '../../../parts/page-states.js';
import { Scrollable } from '../../../parts/scrollable.js';
import { useTenant } from '../../tenant-context.js';
import type { Insights, PriceResponse } from './insights-queries.js';
import { IntervalChart } from './interval-chart.js';
import { ShareBar } from './share-bar.js';

const MOST_SHOWN = 10;
const slopeText = (value: number) => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`;

export function PricesInsight({ insights }: { insights: Insights }) {
  const { elasticity, sensitiveProducts, insensitiveProducts, categoryResponses, prices } = insights;
  const { currency } = useTenant();
  const known = elasticity.sensitive + elasticity.neutral + elasticity.insensitive;
  return (
    <Stack gap="lg">
      {prices !== null && (
        <Text size="sm">
          {count(prices.products, 'product')} with a price: half of them cost {money(prices.lower, currency)}{' '}
          to {money(prices.upper, currency)}, the middle one {money(prices.median, currency)}, from{' '}
          {money(prices.lowest, currency)} to {money(prices.highest, currency)}.
        </Text>
      )}
      {known === 0 ? (
        <Nothing title="How demand follows prices is not known yet">
          For a product, that takes sales in eight weeks or more at prices that have moved. None of your{' '}
          {whole(elasticity.unknown)} products has both so far.
        </Nothing>
      ) : (
        <>
          <ShareBar
            label="Products by how their demand follows the price"
            unit="products"
            parts={[
              {
                ...{ name: 'sensitive', count: elasticity.sensitive },
                meaning: 'a dearer week earns less: units fall faster than the price rises',
              },
              {
                name: 'neutral',
                count: elasticity.neutral,
                meaning: 'both cancel out, or cannot be told apart',
              },
              {
                ...{ name: 'insensitive', count: elasticity.insensitive },
                meaning: 'a dearer week earns more: units fall more slowly',
              },
              {
                ...{ name: 'not known', count: elasticity.unknown, isUnknown: true },
                meaning: 'fewer than eight weeks with sales, or a price that has hardly moved',
              },
            ]}
          />
          <Responses title="Strongest response to the price" products={sensitiveProducts} />
          <Responses title="Weakest response to the price" products={insensitiveProducts} />
          {categoryResponses.length > 0 && <Categories insights={insights} />}
          <Text size="sm" c="dimmed">
            Read off what happened, not off an experiment: whatever moved prices and demand together, such as
            a season or a promotion, is in these numbers. To be sure, change a price for some customers only.
          </Text>
        </>
      )}
    </Stack>
  );
}

function Responses({ title, products }: { title: string; products: readonly PriceResponse[] }) {
  if (products.length === 0) return null;
  return (
    <div>
      <Title order={3} mb="xs">
        {title}
      </Title>
      <IntervalChart
        title={title}
        rowName="Product"
        unit="% of units for 1 % of price"
        names={{ low: 'from', middle: '% of units for 1 % of price', high: 'to (90 % interval)' }}
        columns={['weeks with sales']}
        to={0}
        mark={{ at: -1, label: 'line: revenue stays the same' }}
        text={slopeText}
        rows={products.slice(0, MOST_SHOWN).map(({ productId, name, low, slope, high, weeks }) => ({
          ...{ key: productId, label: name ?? productId, low, middle: slope, high },
          cells: [whole(weeks)],
        }))}
      />
    </div>
  );
}

function Categories({ insights: { categoryResponses } }: { insights: Insights }) {
  const title = 'By category';
  return (
    <div>
      <Title order={3} mb="xs">
        {title}
      </Title>
      <Scrollable label={title}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Category</Table.Th>
              <Table.Th ta="right">% of units for 1 % of price (median product)</Table.Th>
              <Table.Th ta="right">sensitive</Table.Th>
              <Table.Th ta="right">neutral</Table.Th>
              <Table.Th ta="right">insensitive</Table.Th>
              <Table.Th ta="right">not known</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {categoryResponses.slice(0, MOST_SHOWN).map((row) => (
              <Table.Tr key={row.category}>
                <Table.Td>{row.category}</Table.Td>
                <Table.Td ta="right">{row.medianSlope === null ? '–' : slopeText(row.medianSlope)}</Table.Td>
                {[row.sensitive, row.neutral, row.insensitive, row.unknown].map((number, index) => (
                  <Table.Td key={index} ta="right">
                    {whole(number)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
    </div>
  );
}
