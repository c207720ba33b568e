import { Alert, Button, Group, NumberInput, SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { momentText } from '../../parts/moment.js';
import { percent, whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { FLEET_KEY, ratesQuery, type Rates } from '../queries.js';
import { AGES, AGE_WORDS, SIZES, SIZE_WORDS } from '../tenants/tenant-search.js';
import { RateBars } from './rate-bars.js';

const WEEKS = 12;
const GROUPS = [
  { value: 'all', label: 'All' },
  { value: 'template', label: 'Template' },
  { value: 'size', label: 'Size' },
  { value: 'age', label: 'Age' },
] as const;

/** How often tenants take the switch into their hands: the first sign that something is wrong. */
export function RatesPage() {
  const { by = 'all' } = useSearch({ from: '/signed-in/operator/rates' });
  const navigate = useNavigate();
  const query = useQuery(ratesQuery(by, WEEKS));
  const [isChanging, setChanging] = useState(false);
  return (
    <Page
      title="Freeze and turn-off"
      note="Changes by tenants’ own people, per week that a tenant was on. Weeks end now."
      actions={
        <Button variant="default" size="xs" onClick={() => setChanging(true)}>
          Alert thresholds…
        </Button>
      }
    >
      <SegmentedControl
        aria-label="Cohorts"
        data={[...GROUPS]}
        value={by}
        onChange={(value) => void navigate({ to: '/operator/rates', search: { by: value as Rates['by'] } })}
      />
      <Loaded query={query} lines={6}>
        {(rates) => (
          <>
            <Alerts rates={rates} />
            {rates.series.length === 0 && <Nothing title="No tenant was there in these weeks" />}
            {inOrder(rates).map((series) => (
              <Series key={series.cohort} series={series} by={rates.by} thresholds={rates.thresholds} />
            ))}
            {isChanging && <ThresholdsDialog rates={rates} onClose={() => setChanging(false)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Alerts({ rates }: { rates: Rates }) {
  if (rates.alerts.length === 0)
    return (
      <Text c="dimmed">
        No cohort is above its threshold in the last seven days: {percent(rates.thresholds.freezesPerWeek)}{' '}
        freezes, {percent(rates.thresholds.turnOffsPerWeek)} turn-offs.
      </Text>
    );
  return (
    <Alert color="red" title="Above the threshold in the last seven days">
      {rates.alerts.map(({ cohort, kind, perWeek, threshold }) => (
        <Text key={`${cohort} ${kind}`} size="sm">
          {cohortWords(rates.by, cohort)}: {percent(perWeek)} {kind === 'freezes' ? 'froze' : 'switched off'};
          the threshold is {percent(threshold)}.
        </Text>
      ))}
    </Alert>
  );
}

/** As cohorts grow, and not as their names are spelt. */
function inOrder({ by, series }: Rates): Rates['series'] {
  const order: readonly string[] = by === 'size' ? SIZES : AGES;
  if (by === 'template') return series.toSorted((a, b) => Number(b.cohort) - Number(a.cohort));
  return series.toSorted((a, b) => order.indexOf(a.cohort) - order.indexOf(b.cohort));
}

function cohortWords(by: Rates['by'], cohort: string): string {
  if (by === 'template') return `Template ${cohort}`;
  if (by === 'size') return `Interactions: ${SIZE_WORDS[cohort as keyof typeof SIZE_WORDS] ?? cohort}`;
  if (by === 'age') return `Age: ${AGE_WORDS[cohort as keyof typeof AGE_WORDS] ?? cohort}`;
  return 'All tenants';
}

const dayOf = (at: string) => momentText(at, 'UTC', 'day');

interface SeriesProps {
  readonly series: Rates['series'][number];
  readonly by: Rates['by'];
  readonly thresholds: Rates['thresholds'];
}

function Series({ series, by, thresholds }: SeriesProps) {
  const title = cohortWords(by, series.cohort);
  return (
    <Section title={title}>
      <Group gap="xl" align="flex-start" grow preventGrowOverflow={false}>
        <RateBars
          title="Freezes a week"
          weeks={series.weeks.map(({ until, freezes }) => ({ until, rate: freezes }))}
          threshold={thresholds.freezesPerWeek}
        />
        <RateBars
          title="Turn-offs a week"
          weeks={series.weeks.map(({ until, turnOffs }) => ({ until, rate: turnOffs }))}
          threshold={thresholds.turnOffsPerWeek}
        />
      </Group>
      <details>
        <summary>{title}, as a table</summary>
        <Scrollable label={`${title} by week`}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Week until</Table.Th>
                <Table.Th ta="right">Tenant weeks</Table.Th>
                <Table.Th ta="right">Freezes</Table.Th>
                <Table.Th ta="right">per week (95 %)</Table.Th>
                <Table.Th ta="right">Turn-offs</Table.Th>
                <Table.Th ta="right">per week (95 %)</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {series.weeks.map((week) => (
                <Table.Tr key={week.until}>
                  <Table.Td>{dayOf(week.until)}</Table.Td>
                  <Table.Td ta="right">{whole(week.tenantWeeks)}</Table.Td>
                  <Table.Td ta="right">{whole(week.freezes.count)}</Table.Td>
                  <Table.Td ta="right">{rateText(week.freezes)}</Table.Td>
                  <Table.Td ta="right">{whole(week.turnOffs.count)}</Table.Td>
                  <Table.Td ta="right">{rateText(week.turnOffs)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrollable>
      </details>
    </Section>
  );
}

function rateText({ perWeek, low, high }: { perWeek: number; low: number; high: number }): string {
  return `${percent(perWeek)} (${percent(low)} to ${percent(high)})`;
}

function ThresholdsDialog({ rates, onClose }: { rates: Rates; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [freezes, setFreezes] = useState<number | string>(100 * rates.thresholds.freezesPerWeek);
  const [turnOffs, setTurnOffs] = useState<number | string>(100 * rates.thresholds.turnOffsPerWeek);
  return (
    <ReasonDialog
      opened
      title="When to be alarmed"
      verb="Save"
      onClose={onClose}
      act={async (reason) => {
        const body = {
          freezesPerWeek: Number(freezes) / 100,
          turnOffsPerWeek: Number(turnOffs) / 100,
          reason,
        };
        await answerOf(client.PUT('/v1/fleet/alert-thresholds', { body }));
        await queryClient.invalidateQueries({ queryKey: [...FLEET_KEY, 'rates'] });
      }}
    >
      <NumberInput
        label="Freezes a week"
        suffix=" %"
        min={0}
        max={100}
        value={freezes}
        onChange={setFreezes}
      />
      <NumberInput
        label="Turn-offs a week"
        suffix=" %"
        min={0}
        max={100}
        value={turnOffs}
        onChange={setTurnOffs}
      />
    </ReasonDialog>
  );
}
