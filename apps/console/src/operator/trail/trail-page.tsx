import { Table, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { OperatorMoment } from '../operator-moment.js';

const trailQuery = queryOptions({
  queryKey: ['fleet', 'trail'],
  queryFn: () => answerOf(client.GET('/v1/fleet/trail', { params: { query: { limit: 100 } } })),
});
const verificationQuery = queryOptions({
  queryKey: ['fleet', 'trail', 'verification'],
  queryFn: () => answerOf(client.GET('/v1/fleet/trail/verification')),
});

/** What operators have changed: chained, so that nothing can be taken out unseen. */
export function TrailPage() {
  const trail = useQuery(trailQuery);
  const verification = useQuery(verificationQuery);
  return (
    <Page
      title="Trail"
      note={
        verification.data &&
        (verification.data.intact
          ? `${verification.data.entries} entries, the chain is intact.`
          : `The chain is broken at entry ${verification.data.broken?.sequence}.`)
      }
    >
      <Section title="The newest entries">
        <Loaded query={trail}>
          {({ entries }) =>
            entries.length === 0 ? (
              <Nothing title="Nothing was changed yet" />
            ) : (
              <Scrollable label="Entries">
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>When</Table.Th>
                      <Table.Th>What</Table.Th>
                      <Table.Th>Who</Table.Th>
                      <Table.Th>Why</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {entries.map(({ sequence, at, action, actor, reason, detail }) => (
                      <Table.Tr key={sequence}>
                        <Table.Td className="ns-nowrap">
                          <OperatorMoment at={at} />
                        </Table.Td>
                        <Table.Td>
                          {action}
                          <Text component="code" size="xs" c="dimmed" display="block">
                            {JSON.stringify(detail)}
                          </Text>
                        </Table.Td>
                        <Table.Td>{actor}</Table.Td>
                        <Table.Td>{reason}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Scrollable>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
