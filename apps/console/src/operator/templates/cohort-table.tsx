import { Table } from '@mantine/core';
import { decimals, percent, signed, whole } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import type { CohortComparison, Rollout } from '../queries.js';

type Cohort = CohortComparison['present'];
type Difference = CohortComparison['ndcg'];

const range = (low: number | null, high: number | null, text: (value: number | null) => string) =>
  low === null && high === null ? '' : ` (${text(low)} to ${text(high)})`;
const change = (share: number | null) => (share === null ? '–' : `${signed(100 * share, 1)} %`);
const mean = ({ mean: value, low, high, count }: Cohort['ndcgChange']) =>
  count === 0 ? '–' : `${change(value)}${range(low, high, change)}, ${whole(count)} tenants`;

/** Every number with its interval, and what chance alone would explain. */
export function CohortTable({
  comparison,
  thresholds,
}: {
  comparison: CohortComparison;
  thresholds: Rollout['thresholds'];
}) {
  const { present, former, failureShare, freezeRatio, ndcg, rmse } = comparison;
  const rows: [string, (cohort: Cohort) => string, string, Difference | undefined][] = [
    ['Tenants', ({ tenants }) => whole(tenants), '', undefined],
    ['Runs that ended', ({ endedRuns }) => whole(endedRuns), '', undefined],
    [
      'Last run failed',
      ({ failing: { count, of, share, low, high } }) =>
        `${whole(count)} of ${whole(of)}: ${percent(share)}${range(low, high, percent)}`,
      `+${percent(thresholds.failureShare)}`,
      failureShare,
    ],
    [
      'Froze or switched off, a week',
      ({ departures: { count, perWeek, low, high } }) =>
        // After minutes the interval reaches beyond all of them: nothing is known yet.
        (high ?? 2) > 1 && count === 0
          ? `${whole(count)}: too early for a rate`
          : `${whole(count)}: ${percent(perWeek)}${range(low, high, percent)}`,
      `${decimals(thresholds.freezeRatio, 1)} times`,
      freezeRatio,
    ],
    [
      'Ranking quality (NDCG@10)',
      ({ ndcgChange }) => mean(ndcgChange),
      `−${percent(thresholds.ndcgDrop)}`,
      ndcg,
    ],
    [
      'Prediction error (RMSE)',
      ({ rmseChange }) => mean(rmseChange),
      `+${percent(thresholds.rmseRise)}`,
      rmse,
    ],
  ];
  return (
    <Scrollable label="Table of the cohorts">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Measure</Table.Th>
            <Table.Th>Template {present.templateVersion}</Table.Th>
            <Table.Th>Template {former.templateVersion}</Table.Th>
            <Table.Th ta="right">Threshold</Table.Th>
            <Table.Th ta="right">By chance alone</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([label, text, threshold, difference]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              <Table.Td>{text(present)}</Table.Td>
              <Table.Td>{text(former)}</Table.Td>
              <Table.Td ta="right">{threshold}</Table.Td>
              <Table.Td ta="right">{difference === undefined ? '' : chanceText(difference.chance)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}

function chanceText(chance: number): string {
  if (chance < 0.0001) return '< 0.01 %';
  return chance > 0.095 ? percent(Math.round(100 * chance) / 100) : `${(100 * chance).toPrecision(2)} %`;
}
