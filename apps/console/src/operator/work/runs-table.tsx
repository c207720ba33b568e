import { Table } from '@mantine/core';
import { AnchorLink } from '../../parts/anchor-link.js';
import { byteSize } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { OperatorMoment } from '../operator-moment.js';
import type { FleetRun } from '../queries.js';
import { EndingCell, NightCell } from '../run-cells.js';

export function RunsTable({ runs }: { runs: readonly FleetRun[] }) {
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
              <Table.Td>
                <AnchorLink to="/operator/tenants/$tenant" params={{ tenant: run.tenant }} size="sm">
                  {run.tenantName}
                </AnchorLink>
              </Table.Td>
              <NightCell run={run} />
              <EndingCell run={run} />
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
