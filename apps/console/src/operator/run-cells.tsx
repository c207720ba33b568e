import { Table, Text } from '@mantine/core';
import { Tag } from '../parts/tag.js';
import type { FleetRun } from './queries.js';

/** For which night, and what kind of run when it is not the planner's own. */
export function NightCell({ run: { night, kind } }: { run: FleetRun }) {
  return (
    <Table.Td className="ns-nowrap">
      {night}
      {kind !== 'nightly' && (
        <Text size="xs" c="dimmed">
          {kind}
        </Text>
      )}
    </Table.Td>
  );
}

/** How it ended, whether late, and what went wrong. */
export function EndingCell({ run }: { run: FleetRun }) {
  return (
    <Table.Td>
      <Tag tone={run.status === 'failed' ? 'bad' : 'plain'}>{run.outcome ?? run.status}</Tag>{' '}
      {run.late && <Tag tone="bad">late</Tag>}
      {run.errorMessage !== null && (
        <Text size="xs">
          {run.errorCode}: {run.errorMessage}
        </Text>
      )}
    </Table.Td>
  );
}
