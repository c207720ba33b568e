import { Table } from '@mantine/core';
import { duration, whole } from '../../parts/numbers.js';
import { Nothing } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Tag } from '../../parts/tag.js';
import { OperatorMoment } from '../operator-moment.js';
import type { FleetWorker } from '../queries.js';

/** The silent ones first: what they had is handed on, and somebody should look after them. */
export function WorkersTable({ workers }: { workers: readonly FleetWorker[] }) {
  if (workers.length === 0)
    return <Nothing title="No worker has reported">Nights wait until one is started.</Nothing>;
  const now = Date.now();
  const sorted = workers.toSorted((a, b) => Number(a.alive) - Number(b.alive));
  return (
    <Scrollable label="Table of workers">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Worker</Table.Th>
            <Table.Th>Last heartbeat</Table.Th>
            <Table.Th ta="right">Slots</Table.Th>
            <Table.Th>Since</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map(({ workerId, slots, startedAt, heartbeatAt, alive }) => (
            <Table.Tr key={workerId}>
              <Table.Td>{workerId}</Table.Td>
              <Table.Td>
                <Tag tone={alive ? 'good' : 'bad'}>{alive ? 'alive' : 'silent'}</Tag>{' '}
                {duration(Math.max(0, now - Date.parse(heartbeatAt)))} ago
              </Table.Td>
              <Table.Td ta="right">{whole(slots)}</Table.Td>
              <Table.Td>
                <OperatorMoment at={startedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}
