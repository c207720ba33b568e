import { Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { Moment } from '../../parts/moment.js';
import { percent } from '../../parts/numbers.js';
import { Loaded, ProblemNotice, Waiting } from '../../parts/page-states.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Section } from '../../parts/section.js';
import { useSessionState } from '../../parts/use-session-state.js';
import { RunNowDialog } from '../models/run-now-dialog.js';
import { summaryQuery, tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { DialGrid } from './dial-grid.js';
import { isSteps, withSteps, type Steps } from './dials.js';
import { PreviewResult } from './preview-result.js';
import { rerankingPreviewQuery, rerankingQuery, type Preview } from './rules-queries.js';

const PAUSE_MS = 500;

export function TuningSection() {
  const { tenant } = useTenant();
  const reranking = useQuery(rerankingQuery(tenant));
  return (
    <Section title="Tuning" note="How candidates become lists. What is off changes nothing.">
      <Loaded query={reranking} lines={6}>
        {({ version, settings, effective }) => (
          <Dials
            key={tenant}
            version={version}
            settings={settings as Record<string, unknown>}
            effective={(effective as { steps: Steps }).steps}
          />
        )}
      </Loaded>
    </Section>
  );
}

interface DialsProps {
  readonly version: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly effective: Steps;
}

function Dials({ version, settings, effective }: DialsProps) {
  const { tenant, mayChange } = useTenant();
  const queryClient = useQueryClient();
  const [changes, setChanges] = useSessionState<Steps>(`nightshift.tuning.${tenant}`, {}, isSteps);
  const [isAsking, setAsking] = useState(false);
  const isChanged = Object.keys(changes).length > 0;
  const [wanted] = useDebouncedValue(changes, PAUSE_MS);
  const preview = useQuery({
    ...rerankingPreviewQuery(tenant, withSteps(settings, wanted)),
    enabled: isChanged && Object.keys(wanted).length > 0,
  });
  const change = (step: string, values: Readonly<Record<string, number | boolean>>) =>
    setChanges((before) => ({ ...before, [step]: { ...before[step], ...values } }));
  const save = async (reason: string) => {
    const body = { settings: withSteps(settings, changes) as never, reason, expectedVersion: version };
    await answerOf(client.PUT('/v1/tenants/{tenant}/reranking', { params: { path: { tenant } }, body }));
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
    setChanges({});
  };
  return (
    <Stack gap="lg">
      <DialGrid effective={effective} changes={changes} disabled={!mayChange} onChange={change} />
      {mayChange && (
        <Group>
          <Button disabled={!isChanged} onClick={() => setAsking(true)}>
            Save…
          </Button>
          {isChanged && (
            <Button variant="subtle" onClick={() => setChanges({})}>
              As it was
            </Button>
          )}
          {isChanged && (
            <Text size="sm" c="dimmed">
              Not saved yet; kept in this tab.
            </Text>
          )}
        </Group>
      )}
      <WhenItHolds />
      {isChanged && preview.error !== null && <ProblemNotice error={preview.error} />}
      {isChanged && preview.error === null && preview.data === undefined && (
        <Waiting lines={3} label="Making the preview" />
      )}
      {isChanged && preview.data !== undefined && (
        <Stack gap="xs">
          <Cost preview={preview.data} />
          <PreviewResult preview={preview.data} />
        </Stack>
      )}
      <ReasonDialog
        opened={isAsking}
        title="Save the tuning?"
        verb="Save"
        act={save}
        onClose={() => setAsking(false)}
      >
        <Text>
          {preview.data === undefined
            ? 'There is no preview of these settings.'
            : `Of ${preview.data.looked} customers looked at, ${preview.data.changed} get another list.`}{' '}
          Answers that are computed for a request follow within 5 seconds, stored lists with the next run.
        </Text>
      </ReasonDialog>
    </Stack>
  );
}

/** Measured on this tenant's own model and customers; what a change earns, only an experiment shows. */
function Cost({ preview: { relevance } }: { preview: Preview }) {
  if (relevance === null) return null;
  const { change, low, high, customers } = relevance;
  const signed = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${percent(Math.abs(share))}`;
  return (
    <Text>
      Relevance, as your model in service scores it: <strong>{signed(change)}</strong>{' '}
      <Text span size="sm" c="dimmed">
        (95 % interval {signed(low)} to {signed(high)}, {customers} customers). What it earns instead, only an
        experiment can tell.
      </Text>
    </Text>
  );
}

function WhenItHolds() {
  const { tenant, mayChange } = useTenant();
  const summary = useQuery(summaryQuery(tenant));
  const [isAsking, setAsking] = useState(false);
  const next = summary.data?.schedule.nextRunAt;
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm" c="dimmed">
        Saved settings hold within 5 seconds for answers that are computed for a request: with a basket, a
        search, a filter or an explanation. The stored lists, which look-ups and exports give, are made with
        them at the next run{next ? <>: {<Moment at={next} />}</> : null}.
      </Text>
      {mayChange && summary.data?.state === 'on' && (
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
          Make the lists again now…
        </Button>
      )}
      <RunNowDialog opened={isAsking} onClose={() => setAsking(false)}>
        A run starts now. If nothing new has come in since the last one, nothing is trained: every customer is
        ranked again by the model in service, with the settings that are saved. Otherwise it is a night like
        any other.
      </RunNowDialog>
    </Stack>
  );
}
