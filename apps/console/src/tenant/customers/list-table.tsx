import { Stack, Table, Text } from '@mantine/core';
import { decimals } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Tag } from '../../parts/tag.js';
import { Breakdown } from './breakdown.js';
import type { ExplainedItem } from './customer-queries.js';
import classes from './list-table.module.css';

interface ListTableProps {
  readonly items: readonly ExplainedItem[];
  /** The same customer's list under another model or other settings. */
  readonly other: readonly ExplainedItem[] | undefined;
}

export function ListTable({ items, other }: ListTableProps) {
  const most = Math.max(...items.map(({ score }) => score));
  const placeElsewhere = new Map((other ?? []).map(({ productId }, index) => [productId, index + 1]));
  const missing = (other ?? []).filter(
    ({ productId }) => !items.some((item) => item.productId === productId),
  );
  return (
    <Stack gap="sm">
      <Scrollable label="Recommended products">
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">Place</Table.Th>
              <Table.Th>Product</Table.Th>
              <Table.Th>Score</Table.Th>
              <Table.Th>Why</Table.Th>
              {other !== undefined && <Table.Th ta="right">There</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item, index) => (
              <Table.Tr key={item.productId}>
                <Table.Td ta="right">{index + 1}</Table.Td>
                <Table.Td miw={240}>
                  <Breakdown item={item} />
                </Table.Td>
                <Table.Td miw={130}>
                  <span className={classes.score}>
                    <span
                      className={classes.bar}
                      style={{ width: `${Math.max(2, (64 * item.score) / Math.max(most, 1e-9))}px` }}
                    />
                    {decimals(item.score)}
                  </span>
                </Table.Td>
                <Table.Td miw={170}>{item.reasons.join('; ') || item.source}</Table.Td>
                {other !== undefined && (
                  <Table.Td ta="right">
                    <Move here={index + 1} there={placeElsewhere.get(item.productId)} />
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
      {missing.length > 0 && (
        <Text size="sm">
          Only there:{' '}
          {missing
            .map(
              ({ productId, productName }) =>
                `${productName ?? productId} (place ${placeElsewhere.get(productId)})`,
            )
            .join(', ')}
          .
        </Text>
      )}
    </Stack>
  );
}

function Move({ here, there }: { here: number; there: number | undefined }) {
  if (there === undefined) return <Tag tone="warn">gone</Tag>;
  if (there === here) return <>{there}</>;
  return (
    <>
      {there} <Tag tone={there < here ? 'good' : 'plain'}>{there < here ? 'higher' : 'lower'}</Tag>
    </>
  );
}
