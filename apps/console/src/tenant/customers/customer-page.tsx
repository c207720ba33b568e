import { Anchor, Stack, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Facts } from '../../parts/facts.js';
import { Moment } from '../../parts/moment.js';
import { money, whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import type { Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { customerQuery } from './customer-queries.js';
import { ListSection } from './list-section.js';

const MOST_SHOWN = 30;

export function CustomerPage() {
  const { tenant, name } = useTenant();
  const { customerId } = useParams({ from: '/signed-in/tenants/$tenant/customers/$customerId' });
  const customer = useQuery(customerQuery(tenant, customerId));
  return (
    <Page
      title={customerId}
      tab={`${customerId} · ${name}`}
      note={
        <Anchor component={Link} to={`/tenants/${encodeURIComponent(tenant)}/customers`} size="sm">
          ← All customers
        </Anchor>
      }
    >
      <Loaded query={customer} lines={6}>
        {(data) => (
          <Stack gap="lg">
            <Section title="Who it is">
              <Facts
                facts={[
                  ['Segment', data.segment ?? '–'],
                  ['Loyalty tier', data.tier ?? '–'],
                  ['Age band', data.ageBand ?? '–'],
                  ['Region', data.region ?? '–'],
                  ['Country', data.country ?? '–'],
                  ['Interactions', whole(data.interactions)],
                ]}
              />
            </Section>
            <ListSection customerId={customerId} />
            <HistorySection customer={data} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function HistorySection({ customer }: { customer: Schemas['CustomerDetailDto'] }) {
  const { currency } = useTenant();
  const { history, interactions } = customer;
  return (
    <Section
      title="History"
      note={interactions > MOST_SHOWN ? `The newest ${MOST_SHOWN} of ${whole(interactions)}` : undefined}
    >
      {history.length === 0 ? (
        <Nothing title="Nothing was done yet">
          Such customers are shown what others in their segment like.
        </Nothing>
      ) : (
        <Scrollable label="History">
          <Table verticalSpacing={5}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Product</Table.Th>
                <Table.Th ta="right">Quantity</Table.Th>
                <Table.Th ta="right">Price of one</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {history.slice(0, MOST_SHOWN).map((past, index) => (
                <Table.Tr key={`${past.occurredAt} ${past.productId} ${index}`}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    <Moment at={past.occurredAt} />
                  </Table.Td>
                  <Table.Td>{past.type}</Table.Td>
                  <Table.Td miw={160}>{past.productName ?? past.productId}</Table.Td>
                  <Table.Td ta="right">{past.quantity ?? '–'}</Table.Td>
                  <Table.Td ta="right">
                    {past.unitPrice === null ? '–' : money(past.unitPrice, currency)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrollable>
      )}
    </Section>
  );
}
