import { Stack, Table, Text } from '@mantine/core';
import { count } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import type { Schemas } from '../queries.js';

/** What a change would do, to real customers, before anybody meets it. */
export function PreviewResult({ preview }: { preview: Schemas['PreviewDto'] }) {
  const { looked, changed, withNothing, customers } = preview;
  const differing = customers.filter(({ before, after }) => `${before.productIds}` !== `${after.productIds}`);
  return (
    <Stack gap="sm">
      <Text role="status">
        Of {count(looked, 'customer')} looked at, {changed} would get another list, and {withNothing} nothing
        at all.
      </Text>
      {differing.length > 0 && (
        <Scrollable label="Lists before and after">
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Customer</Table.Th>
                <Table.Th>Now</Table.Th>
                <Table.Th>Then</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {differing.slice(0, 8).map(({ customerId, before, after }) => (
                <Table.Tr key={customerId}>
                  <Table.Td>{customerId}</Table.Td>
                  <Table.Td miw={200}>{before.productIds.slice(0, 6).join(', ') || 'nothing'}</Table.Td>
                  <Table.Td miw={200}>
                    {after.productIds.slice(0, 6).map((productId, index) => (
                      <Text
                        span
                        key={productId}
                        fw={before.productIds[index] === productId ? undefined : 650}
                        inherit
                      >
                        {index > 0 && ', '}
                        {productId}
                      </Text>
                    ))}
                    {after.productIds.length === 0 && 'nothing'}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrollable>
      )}
    </Stack>
  );
}
