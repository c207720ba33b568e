import { Anchor, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import type { Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { customersQuery } from './customer-queries.js';

const PAUSE_MS = 250;

export function CustomersPage() {
  const { tenant, name } = useTenant();
  const { search = '' } = useSearch({ from: '/signed-in/tenants/$tenant/customers' });
  const navigate = useNavigate();
  const [text, setText] = useState(search);
  const [wanted] = useDebouncedValue(text.trim(), PAUSE_MS);
  const customers = useQuery({ ...customersQuery(tenant, wanted), placeholderData: keepPreviousData });

  // In the address, so that going back from a customer comes back to the same list.
  useEffect(() => {
    if (wanted === search) return;
    const next = wanted === '' ? {} : { search: wanted };
    void navigate({ to: '/tenants/$tenant/customers', params: { tenant }, search: next, replace: true });
  }, [wanted, search, tenant, navigate]);

  return (
    <Page title="Customers" tab={`Customers · ${name}`} note="What each is recommended, and why">
      <Section title="Find a customer">
        <TextInput
          type="search"
          label="Customer id"
          description="How it begins is enough."
          maw={360}
          mb="md"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Loaded query={customers} lines={5}>
          {(data) =>
            data.customers.length === 0 ? (
              <Nothing title={wanted === '' ? 'No customer yet' : `No customer’s id begins with “${wanted}”`}>
                {wanted === '' && 'They come with the data: see “Data”.'}
              </Nothing>
            ) : (
              <CustomersTable customers={data.customers} />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

function CustomersTable({ customers }: { customers: readonly Schemas['CustomerDto'][] }) {
  const { tenant } = useTenant();
  return (
    <>
      <Scrollable label="Customers">
        <Table verticalSpacing={7}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Customer</Table.Th>
              <Table.Th>Segment</Table.Th>
              <Table.Th>Tier</Table.Th>
              <Table.Th>Age band</Table.Th>
              <Table.Th>Region</Table.Th>
              <Table.Th>Country</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {customers.map(({ customerId, segment, tier, ageBand, region, country }) => (
              <Table.Tr key={customerId}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to={`/tenants/${encodeURIComponent(tenant)}/customers/${encodeURIComponent(customerId)}`}
                    fw={550}
                  >
                    {customerId}
                  </Anchor>
                </Table.Td>
                {[segment, tier, ageBand, region, country].map((value, index) => (
                  <Table.Td key={index}>{value ?? '–'}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
      {customers.length === 50 && (
        <Text size="sm" c="dimmed" mt="xs">
          The first 50 are shown.
        </Text>
      )}
    </>
  );
}
