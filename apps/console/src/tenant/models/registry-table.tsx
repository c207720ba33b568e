import { Anchor, Checkbox, Table } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Moment } from '../../parts/moment.js';
import { decimals, percent } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Tag } from '../../parts/tag.js';
import type { ModelVersion, Verdict } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { algorithmName } from './algorithm-names.js';
import { overall } from './metrics.js';

interface RegistryTableProps {
  readonly models: readonly ModelVersion[];
  readonly verdicts: readonly Verdict[];
}

const LANES: Readonly<Record<string, string>> = { first: 'First', refresh: 'Refresh', change: 'Change' };

export function RegistryTable({ models, verdicts }: RegistryTableProps) {
  const { tenant } = useTenant();
  const { compare = [] } = useSearch({ from: '/signed-in/tenants/$tenant/models' });
  const navigate = useNavigate();
  const laneOf = new Map(verdicts.map(({ challengerVersion, lane }) => [challengerVersion, lane]));

  // A third choice replaces the older of the two.
  function choose(version: number): void {
    const next = compare.includes(version)
      ? compare.filter((other) => other !== version)
      : [...compare.slice(-1), version];
    const search = { compare: next };
    void navigate({ to: '/tenants/$tenant/models', params: { tenant }, search, resetScroll: false });
  }

  return (
    <Scrollable label="Model versions">
      <Table verticalSpacing={8} miw={900}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Compare</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Lane</Table.Th>
            <Table.Th ta="right">NDCG@10</Table.Th>
            <Table.Th ta="right">RMSE</Table.Th>
            <Table.Th ta="right">Coverage@10</Table.Th>
            <Table.Th>Data until</Table.Th>
            <Table.Th>Made</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((model) => {
            const metrics = overall(model);
            const lane = laneOf.get(model.version);
            return (
              <Table.Tr key={model.version}>
                <Table.Td>
                  <Checkbox
                    aria-label={`Compare version ${model.version}`}
                    checked={compare.includes(model.version)}
                    onChange={() => choose(model.version)}
                  />
                </Table.Td>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to={`/tenants/${encodeURIComponent(tenant)}/models/${model.version}`}
                    fw={550}
                    mr={8}
                  >
                    {model.version}
                  </Anchor>
                  <StatusTag model={model} />
                </Table.Td>
                <Table.Td>{algorithmName(model.algorithm)}</Table.Td>
                <Table.Td>{lane === undefined ? '–' : (LANES[lane] ?? lane)}</Table.Td>
                <Table.Td ta="right">{decimals(metrics['ndcg@10'])}</Table.Td>
                <Table.Td ta="right">{decimals(metrics.rmse)}</Table.Td>
                <Table.Td ta="right">{percent(metrics['coverage@10'])}</Table.Td>
                <Table.Td>
                  <Moment at={model.watermark} detail="day" />
                </Table.Td>
                <Table.Td>
                  <Moment at={model.createdAt} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}

/** What became of it: the endpoint answers from one version alone. */
export function StatusTag({ model }: { model: ModelVersion }) {
  if (model.serving) return <Tag tone="good">serving</Tag>;
  if (model.ranking !== null) return <Tag tone="warn">ranking</Tag>;
  if (model.promotedAt !== null) return <Tag tone="accent">served before</Tag>;
  return <Tag>{model.status === 'candidate' ? 'not decided' : 'not promoted'}</Tag>;
}
