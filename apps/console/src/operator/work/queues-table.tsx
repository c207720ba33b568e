import { Table } from '@mantine/core';
import { AnchorLink } from '../../parts/anchor-link.js';
import { whole } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { JOB_STATES } from '../operator-search.js';
import type { QueueCounts } from '../queries.js';

/** How many jobs are in each state; a number leads to them. */
export function QueuesTable({ queues }: { queues: readonly QueueCounts[] }) {
  return (
    <Scrollable label="Table of queues">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Queue</Table.Th>
            {JOB_STATES.map((state) => (
              <Table.Th key={state} ta="right">
                {state}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map((queue) => (
            <Table.Tr key={queue.name}>
              <Table.Th scope="row">
                <AnchorLink to="/operator/work/queues/$queue" params={{ queue: queue.name }} size="sm">
                  {queue.name}
                </AnchorLink>
              </Table.Th>
              {JOB_STATES.map((state) => (
                <Table.Td key={state} ta="right">
                  {queue[state] === 0 ? (
                    '0'
                  ) : (
                    <AnchorLink
                      to="/operator/work/queues/$queue"
                      params={{ queue: queue.name }}
                      search={{ state }}
                      size="sm"
                      aria-label={`${whole(queue[state])} ${state} in ${queue.name}`}
                    >
                      {whole(queue[state])}
                    </AnchorLink>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}
