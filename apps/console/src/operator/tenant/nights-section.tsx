import { Button, Group, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NightBars } from '../../parts/night-bars.js';
import { byteSize, decimals, duration, whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { nightsOfQuery, type FleetRun } from '../queries.js';
import { EndingCell, NightCell } from '../run-cells.js';

const DRAWN = 30;
const SHOWN = 10;
const seconds = (value: number) => `${value < 10 ? value.toFixed(1) : whole(value)} s`;

/** What each night came to and cost, the newest first. */
export function NightsSection({ tenant }: { tenant: string }) {
  const query = useQuery(nightsOfQuery(tenant));
  return (
    <Section title="Nights" note="CPU time of all attempts; lists and models written.">
      <Loaded query={query} lines={8}>
        {({ runs }) =>
          runs.length === 0 ? (
            <Nothing title="No run yet">The first one comes at the tenant’s own midnight.</Nothing>
          ) : (
            <>
              <Group gap="xl" align="flex-start" grow preventGrowOverflow={false} mb="md">
                <NightBars title="CPU a night" text={seconds} nights={costOf(runs, 'cpuSeconds')} />
                <NightBars title="Written a night" text={byteSize} nights={costOf(runs, 'bytes')} />
                <NightBars title="NDCG@10" text={(value) => decimals(value)} nights={accuracyOf(runs)} />
              </Group>
              <NightsTable runs={runs} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

/** All runs of a night together, oldest night first. */
function costOf(runs: readonly FleetRun[], of: 'cpuSeconds' | 'bytes') {
  const sums = new Map<string, number>();
  for (const run of runs) sums.set(run.night, (sums.get(run.night) ?? 0) + run[of]);
  const nights = [...sums].map(([night, value]) => ({ night, value }));
  return nights.sort((a, b) => (a.night < b.night ? -1 : 1)).slice(-DRAWN);
}

function accuracyOf(runs: readonly FleetRun[]) {
  const last = new Map<string, number>();
  for (const { night, ndcg10 } of runs) if (ndcg10 !== null && !last.has(night)) last.set(night, ndcg10);
  return [...last]
    .map(([night, value]) => ({ night, value }))
    .reverse()
    .slice(-DRAWN);
}

function NightsTable({ runs }: { runs: readonly FleetRun[] }) {
  const [isWhole, setWhole] = useState(false);
  return (
    <>
      <Scrollable label="Table of nights">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Night</Table.Th>
              <Table.Th>How it ended</Table.Th>
              <Table.Th ta="right">NDCG@10</Table.Th>
              <Table.Th ta="right">Interactions</Table.Th>
              <Table.Th ta="right">Template</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
              <Table.Th ta="right">CPU</Table.Th>
              <Table.Th ta="right">Written</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.slice(0, isWhole ? undefined : SHOWN).map((run) => (
              <Table.Tr key={run.runId}>
                <NightCell run={run} />
                <EndingCell run={run} />
                <Table.Td ta="right">{decimals(run.ndcg10)}</Table.Td>
                <Table.Td ta="right">{run.interactions === null ? '–' : whole(run.interactions)}</Table.Td>
                <Table.Td ta="right">{run.templateVersion}</Table.Td>
                <Table.Td ta="right">{tookText(run)}</Table.Td>
                <Table.Td ta="right">{seconds(run.cpuSeconds)}</Table.Td>
                <Table.Td ta="right">{byteSize(run.bytes)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
      {!isWhole && runs.length > SHOWN && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setWhole(true)}>
          Show the last {whole(runs.length)} runs
        </Button>
      )}
    </>
  );
}

function tookText({ startedAt, finishedAt }: FleetRun): string {
  return startedAt === null || finishedAt === null
    ? '–'
    : duration(Date.parse(finishedAt) - Date.parse(startedAt));
}
