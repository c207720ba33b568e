import { Table, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { decimals, signed, whole } from '../../parts/numbers.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
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
    <Section title={`Version ${newer.version} beside version ${older.version}`} note={kindsOf(newer, older)}>
      {met === undefined ? <Text mb="sm">{NOT_MET}</Text> : <Met verdict={met} />}
      <Text size="sm" c="dimmed" mb="xs">
        Below, each as it was measured in its own night. Each night holds other rows out, so small differences
        say nothing.
      </Text>
      <MetricsTable newer={newer} older={older} />
    </Section>
  );
}

/** Each night holds its own rows out: only a night's verdict compares on the same ones. */
const NOT_MET = 'These two have never met on the same rows, so there is no interval for their difference.';

function kindsOf(newer: ModelVersion, older: ModelVersion): string {
  const [a, b] = [newer, older].map(({ algorithm }) => algorithmName(algorithm));
  return a === b ? `Both: ${a}` : `${a} and ${b}`;
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
          </Table.Tr>
        </Table.Thead>
        {groups.map(([name, a, b]) => (
          <Table.Tbody key={name}>
            <Table.Tr>
              <Table.Th colSpan={4} scope="rowgroup" pt="md">
                {name}
                {a.queries !== undefined && b.queries !== undefined && (
                  <Text span inherit fw={400} c="dimmed">
                    {' '}
                    ({whole(a.queries)} and {whole(b.queries)} measured)
                  </Text>
                )}
              </Table.Th>
            </Table.Tr>
            {METRICS.map(({ key, label }) => {
              const [x, y] = [a[key], b[key]];
              const difference = x === undefined || y === undefined ? undefined : x - y;
              return (
                <Table.Tr key={key}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td ta="right">{decimals(x)}</Table.Td>
                  <Table.Td ta="right">{decimals(y)}</Table.Td>
                  <Table.Td ta="right">{signed(difference)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        ))}
      </Table>
    </Scrollable>
  );
}
