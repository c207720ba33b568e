import { Group, Table } from '@mantine/core';
import { AnchorLink } from '../../parts/anchor-link.js';
import { NightBars } from '../../parts/night-bars.js';
import { byteSize, whole } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import type { NightCost } from '../queries.js';

/** Night by night, all tenants together. */
export function CostsTable({ nights }: { nights: readonly NightCost[] }) {
  const seconds = (value: number) => `${whole(value)} s`;
  const bars = (of: 'cpuSeconds' | 'bytes') => nights.map((cost) => ({ night: cost.night, value: cost[of] }));
  return (
    <>
      <Group gap="xl" align="flex-start" grow preventGrowOverflow={false} mb="md">
        <NightBars title="CPU a night" text={seconds} nights={bars('cpuSeconds')} />
        <NightBars title="Written a night" text={byteSize} nights={bars('bytes')} />
      </Group>
      <Scrollable label="Table of costs">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Night</Table.Th>
              <Table.Th ta="right">Runs</Table.Th>
              <Table.Th ta="right">CPU</Table.Th>
              <Table.Th ta="right">A run</Table.Th>
              <Table.Th ta="right">Written</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nights.toReversed().map(({ night, runs, cpuSeconds, bytes }) => (
              <Table.Tr key={night}>
                <Table.Td className="ns-nowrap">
                  <AnchorLink to="/operator/work" search={{ night }} size="sm">
                    {night}
                  </AnchorLink>
                </Table.Td>
                <Table.Td ta="right">{whole(runs)}</Table.Td>
                <Table.Td ta="right">{seconds(cpuSeconds)}</Table.Td>
                <Table.Td ta="right">{runs === 0 ? '–' : `${(cpuSeconds / runs).toFixed(2)} s`}</Table.Td>
                <Table.Td ta="right">{byteSize(bytes)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
    </>
  );
}
