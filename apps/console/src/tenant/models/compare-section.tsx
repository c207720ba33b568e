import { Table, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { decimals, signed } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import type { ModelVersion, Verdict } from '../queries.js';
import { algorithmName } from './algorithm-names.js';
import { IntervalText } from './interval-text.js';
import { evidenceOf, METRICS, overall, segments, type Metrics } from './metrics.js';

interface CompareSectionProps {
  readonly models: readonly ModelVersion[];
  readonly verdicts: readonly Verdict[];
}

/** Two versions beside each other; which two stands in the address. */
export function CompareSection({ models, verdicts }: CompareSectionProps) {
  const { compare = [] } = useSearch({ from: '/signed-in/tenants/$tenant/models' });
  const chosen = models.filter(({ version }) => compare.includes(version));
  const [newer, older] = chosen.sort((a, b) => b.version - a.version);
  if (newer === undefined || older === undefined) return null;
  const met = verdicts.find(
    ({ challengerVersion, championVersion }) =>
      challengerVersion === newer.version && championVersion === older.version,
  );
  return (
    <Section
      title={`Version ${newer.version} beside version ${older.version}`}
      note={`${algorithmName(newer.algorithm)} and ${algorithmName(older.algorithm)}`}
    >
      {met === undefined ? <NotMet /> : <Met verdict={met} />}
      <MetricsTable newer={newer} older={older} />
    </Section>
  );
}

/** Each night holds its own rows out: only a night's verdict compares on the same ones. */
function NotMet() {
  return (
    <Text size="sm" mb="sm">
      These two have not met on the same holdout: each was measured on the rows of its own night, so small
      differences say nothing, and there is no interval for them.
    </Text>
  );
}

function Met({ verdict }: { verdict: Verdict }) {
  const { ndcg10, rmse, customers } = evidenceOf(verdict);
  return (
    <div>
      <Text mb={4}>{verdict.sentence}</Text>
      <Text size="sm" c="dimmed" mb="sm">
        On the same rows{customers !== undefined && ` of ${customers.toLocaleString('en-GB')} customers`},
        with 95 % intervals: NDCG@10 <IntervalText interval={ndcg10} />; RMSE <IntervalText interval={rmse} />
        .
      </Text>
    </div>
  );
}

function MetricsTable({ newer, older }: { newer: ModelVersion; older: ModelVersion }) {
  const [newerSegments, olderSegments] = [segments(newer), segments(older)];
  const names = Object.keys(newerSegments).filter((name) => name in olderSegments);
  const groups: readonly (readonly [string, Metrics, Metrics])[] = [
    ['All customers', overall(newer), overall(older)],
    ...names.map((name) => [`Customers: ${name}`, newerSegments[name]!, olderSegments[name]!] as const),
  ];
  return (
    <Scrollable label="Metrics of both versions">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Metric</Table.Th>
            <Table.Th ta="right">Version {newer.version}</Table.Th>
            <Table.Th ta="right">Version {older.version}</Table.Th>
            <Table.Th ta="right">Difference</Table.Th>
            <Table.Th>Newer is</Table.Th>
          </Table.Tr>
        </Table.Thead>
        {groups.map(([name, a, b]) => (
          <Table.Tbody key={name}>
            <Table.Tr>
              <Table.Th colSpan={5} scope="rowgroup" pt="md">
                {name}
              </Table.Th>
            </Table.Tr>
            {METRICS.map(({ key, label, isBetter }) => {
              const [x, y] = [a[key], b[key]];
              const difference = x === undefined || y === undefined ? undefined : x - y;
              return (
                <Table.Tr key={key}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td ta="right">{decimals(x)}</Table.Td>
                  <Table.Td ta="right">{decimals(y)}</Table.Td>
                  <Table.Td ta="right">{signed(difference)}</Table.Td>
                  <Table.Td>
                    <Direction difference={difference} isBetter={isBetter} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        ))}
      </Table>
    </Scrollable>
  );
}

const SMALLEST_SHOWN = 0.0005;

function Direction({ difference, isBetter }: { difference: number | undefined; isBetter: 'high' | 'low' }) {
  if (difference === undefined || Math.abs(difference) < SMALLEST_SHOWN) return null;
  return difference > 0 === (isBetter === 'high') ? (
    <Tag tone="good">better</Tag>
  ) : (
    <Tag tone="warn">worse</Tag>
  );
}
