import { Anchor, Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Day, Moment } from '../../parts/moment.js';
import { duration } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { runsQuery, summaryQuery, type RunSummary } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { RunNowDialog } from './run-now-dialog.js';
import { RunStatusTag } from './run-status-tag.js';

const TRIGGERS: Readonly<Record<string, string>> = {
  clock: 'the clock',
  person: 'a person',
  volume: 'new data',
  drift: 'drift',
  degradation: 'falling accuracy',
};

export function RunsSection() {
  const { tenant, mayChange } = useTenant();
  const runs = useQuery(runsQuery(tenant));
  const summary = useQuery(summaryQuery(tenant));
  const [isAsking, setAsking] = useState(false);
  const isOn = summary.data?.state === 'on';
  return (
    <Section
      title="Runs"
      note="One a night, and those that somebody has started"
      actions={
        mayChange && (
          <Button size="xs" variant="default" disabled={!isOn} onClick={() => setAsking(true)}>
            Run now…
          </Button>
        )
      }
    >
      {mayChange && summary.data !== undefined && !isOn && (
        <Text size="sm" c="dimmed" mb="sm">
          Nothing can be started while the recommender is {summary.data.state}: switch it on under “Home”.
        </Text>
      )}
      <Loaded query={runs} lines={4}>
        {(data) =>
          data.runs.length === 0 ? (
            <Nothing title="No run yet">
              The first one comes with the next night, or when you start one.
            </Nothing>
          ) : (
            <RunsTable runs={data.runs} />
          )
        }
      </Loaded>
      <RunNowDialog opened={isAsking} onClose={() => setAsking(false)}>
        A model is trained on all data up to now, meets the one in service on the same held-out rows, and
        replaces it only if it is better. If a run is at work already, this joins it.
      </RunNowDialog>
    </Section>
  );
}

function RunsTable({ runs }: { runs: readonly RunSummary[] }) {
  const { tenant } = useTenant();
  return (
    <Scrollable label="Runs">
      <Table verticalSpacing={8} miw={840}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Night</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>What came of it</Table.Th>
            <Table.Th>Started by</Table.Th>
            <Table.Th>Began</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Anchor
                  component={Link}
                  to={`/tenants/${encodeURIComponent(tenant)}/models/runs/${run.id}`}
                  fw={550}
                >
                  <Day day={run.night} />
                </Anchor>
              </Table.Td>
              <Table.Td>
                <RunStatusTag run={run} />
              </Table.Td>
              <Table.Td miw={220}>{run.error?.message ?? run.sentence ?? '–'}</Table.Td>
              <Table.Td>
                {run.trigger === 'person' ? run.requestedBy : (TRIGGERS[run.trigger] ?? run.trigger)}
              </Table.Td>
              <Table.Td>{run.startedAt === null ? '–' : <Moment at={run.startedAt} />}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {tookOf(run)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}

const tookOf = ({ startedAt, finishedAt }: RunSummary): string =>
  startedAt === null || finishedAt === null ? '–' : duration(Date.parse(finishedAt) - Date.parse(startedAt));
