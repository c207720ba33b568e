import { Alert, Anchor, Button, Group, Table, Text } from '@mantine/core';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { Moment } from '../../parts/moment.js';
import { count } from '../../parts/numbers.js';
import { Loaded, Nothing, ProblemNotice } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { tenantKey, type Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';

const auditQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'audit'],
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/audit', { params: { path: { tenant }, query: { limit: 20 } } }),
      ),
  });

/** What was changed, chained by hashes: nobody can alter an entry without it showing. */
export function AuditSection() {
  const { tenant } = useTenant();
  const audit = useQuery(auditQuery(tenant));
  const verification = useMutation({
    mutationFn: () =>
      answerOf(client.GET('/v1/tenants/{tenant}/audit/verification', { params: { path: { tenant } } })),
  });
  return (
    <Section
      title="Audit trail"
      note="The newest 20 changes by anybody"
      actions={
        <Group gap="sm">
          <Button
            size="xs"
            variant="default"
            loading={verification.isPending}
            onClick={() => verification.mutate()}
          >
            Verify
          </Button>
          <Anchor href={`/v1/tenants/${encodeURIComponent(tenant)}/audit/export`} download size="sm">
            Export all
          </Anchor>
        </Group>
      }
    >
      {verification.error !== null && <ProblemNotice error={verification.error} />}
      {verification.data !== undefined && (
        <Alert color={verification.data.intact ? 'green' : 'red'} role="status" mb="md">
          {verification.data.intact
            ? `${count(verification.data.entries, 'entry', 'entries')}, and the chain is whole.`
            : `The chain is broken at entry ${verification.data.broken?.sequence ?? '?'}.`}
        </Alert>
      )}
      <Loaded query={audit} lines={5}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Nothing title="Nobody has changed anything" />
          ) : (
            <EntriesTable entries={entries} />
          )
        }
      </Loaded>
    </Section>
  );
}

function EntriesTable({ entries }: { entries: readonly Schemas['AuditedChangeDto'][] }) {
  return (
    <Scrollable label="Audit trail">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(({ sequence, at, action, subject, actor, reason }) => (
            <Table.Tr key={sequence}>
              <Table.Td miw={130}>
                <Moment at={at} />
              </Table.Td>
              <Table.Td miw={190} style={{ overflowWrap: 'anywhere' }}>
                {action}
                {subject !== null && (
                  <Text size="sm" c="dimmed">
                    {subject}
                  </Text>
                )}
              </Table.Td>
              <Table.Td miw={140}>{actor}</Table.Td>
              <Table.Td miw={140}>{reason ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}
