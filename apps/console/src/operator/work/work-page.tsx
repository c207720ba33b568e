import { SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { byteSize, whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import { OperatorMoment } from '../operator-moment.js';
import { RUN_CHOICES, type RunChoice } from '../operator-search.js';
import { costsQuery, fleetRunsQuery, workQuery, type FleetRun } from '../queries.js';

/** What is being worked on, by whom, and what it costs. */
export function WorkPage() {
  const { runs: choice = 'all' } = useSearch({ from: '/signed-in/operator/work' });
  const navigate = useNavigate();
  const work = useQuery(workQuery);
  const runs = useQuery(fleetRunsQuery(choice));
  const costs = useQuery(costsQuery);
  return (
    <Page title="Runs and queues">
      <Section title="Runs">
        <SegmentedControl
          aria-label="Which runs"
          data={RUN_CHOICES.map((value) => ({ value, label: value }))}
          value={choice}
          onChange={(value) =>
            void navigate({ to: '/operator/work', search: { runs: value as RunChoice }, replace: true })
          }
        />
        <Loaded query={runs}>
          {({ runs: found }) =>
            found.length === 0 ? <Nothing title="No such run" /> : <RunTable runs={found} />
          }
        </Loaded>
      </Section>
      <Section title="Queues" note="Redis carries the news; what counts stands in PostgreSQL.">
        <Loaded query={work}>
          {({ queues, unfinishedRuns }) => (
            <>
              {queues === null ? (
                <Nothing title="Redis does not answer">Runs go on once it does.</Nothing>
              ) : (
                <Scrollable label="Table of queues">
                  <Table>
                    <Table.Thead>
                      <Table.Tr>
                        {['Queue', 'Waiting', 'Active', 'Delayed', 'Failed', 'Completed'].map(
                          (head, place) => (
                            <Table.Th key={head} ta={place === 0 ? undefined : 'right'}>
                              {head}
                            </Table.Th>
                          ),
                        )}
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {queues.map(({ name, waiting, active, delayed, failed, completed }) => (
                        <Table.Tr key={name}>
                          <Table.Td>{name}</Table.Td>
                          {[waiting, active, delayed, failed, completed].map((jobs, place) => (
                            <Table.Td key={place} ta="right">
                              {whole(jobs)}
                            </Table.Td>
                          ))}
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Scrollable>
              )}
              <Text size="sm" c="dimmed" mt="xs">
                Unfinished runs:{' '}
                {Object.entries(unfinishedRuns)
                  .map(([status, runCount]) => `${whole(runCount)} ${status}`)
                  .join(', ') || 'none'}
              </Text>
            </>
          )}
        </Loaded>
      </Section>
      <Section title="Workers">
        <Loaded query={work}>
          {({ workers }) =>
            workers.length === 0 ? (
              <Nothing title="No worker has reported" />
            ) : (
              <Scrollable label="Table of workers">
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Worker</Table.Th>
                      <Table.Th ta="right">Slots</Table.Th>
                      <Table.Th>Since</Table.Th>
                      <Table.Th>Last seen</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {workers.map(({ workerId, slots, startedAt, heartbeatAt, alive }) => (
                      <Table.Tr key={workerId}>
                        <Table.Td>
                          {workerId} {!alive && <Tag tone="bad">silent</Tag>}
                        </Table.Td>
                        <Table.Td ta="right">{slots}</Table.Td>
                        <Table.Td>
                          <OperatorMoment at={startedAt} />
                        </Table.Td>
                        <Table.Td>
                          <OperatorMoment at={heartbeatAt} />
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Scrollable>
            )
          }
        </Loaded>
      </Section>
      <Section title="What nights cost" note="CPU time of all attempts; lists and models written.">
        <Loaded query={costs}>
          {({ nights }) => (
            <Scrollable label="Table of costs">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Night</Table.Th>
                    <Table.Th ta="right">Runs</Table.Th>
                    <Table.Th ta="right">CPU</Table.Th>
                    <Table.Th ta="right">Written</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {nights.toReversed().map(({ night, runs: ran, cpuSeconds, bytes }) => (
                    <Table.Tr key={night}>
                      <Table.Td>{night}</Table.Td>
                      <Table.Td ta="right">{whole(ran)}</Table.Td>
                      <Table.Td ta="right">{whole(cpuSeconds)} s</Table.Td>
                      <Table.Td ta="right">{byteSize(bytes)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scrollable>
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

function RunTable({ runs }: { runs: readonly FleetRun[] }) {
  return (
    <Scrollable label="Table of runs">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Tenant</Table.Th>
            <Table.Th>Night</Table.Th>
            <Table.Th>How it ended</Table.Th>
            <Table.Th ta="right">Template</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th ta="right">CPU</Table.Th>
            <Table.Th ta="right">Written</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.runId}>
              <Table.Td>{run.tenantName}</Table.Td>
              <Table.Td>
                {run.night} <Text size="xs">{run.kind}</Text>
              </Table.Td>
              <Table.Td>
                <Tag tone={run.status === 'failed' ? 'bad' : 'plain'}>{run.outcome ?? run.status}</Tag>{' '}
                {run.late && <Tag tone="warn">late</Tag>}
                {run.errorMessage !== null && <Text size="xs">{run.errorMessage}</Text>}
              </Table.Td>
              <Table.Td ta="right">{run.templateVersion}</Table.Td>
              <Table.Td>
                <OperatorMoment at={run.createdAt} />
              </Table.Td>
              <Table.Td ta="right">{run.cpuSeconds.toFixed(1)} s</Table.Td>
              <Table.Td ta="right">{byteSize(run.bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}
