import { Button, Group, Slider, Stack, Switch, Text } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { Loaded, ProblemNotice } from '../../parts/page-states.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Section } from '../../parts/section.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { PreviewResult } from './preview-result.js';
import classes from './rules.module.css';

interface Dial {
  readonly step: string;
  readonly parameter: string;
  readonly label: string;
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  readonly by: number;
}

const DIALS: readonly Dial[] = [
  {
    ...{ step: 'upsell', parameter: 'factor', label: 'Upselling', min: 0, max: 1, by: 0.05 },
    meaning: 'Raises what is somewhat dearer than this customer usually buys.',
  },
  {
    ...{ step: 'diversity', parameter: 'weight', label: 'Variety', min: 0, max: 1, by: 0.05 },
    meaning: 'Each place goes to what is unlike the places before.',
  },
  {
    ...{ step: 'priceBoost', parameter: 'weight', label: 'Price boost', min: 0, max: 1, by: 0.05 },
    meaning: 'Raises dear products and lowers cheap ones, for everybody.',
  },
  {
    ...{
      step: 'priceSensitivity',
      parameter: 'strength',
      label: 'Care for the purse',
      min: 0,
      max: 5,
      by: 0.25,
    },
    meaning: 'Lowers what is much dearer than this customer usually buys.',
  },
  {
    ...{ step: 'maximumPriceRatio', parameter: 'ratio', label: 'Highest price', min: 1, max: 10, by: 0.5 },
    meaning: 'Leaves out what costs more than so many times what this customer usually pays.',
  },
  {
    ...{ step: 'serendipity', parameter: 'weight', label: 'Surprise', min: 0, max: 2, by: 0.1 },
    meaning: 'Raises categories that are new to this customer.',
  },
];

type Steps = Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;

const rerankingQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'reranking'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/reranking', { params: { path: { tenant } } })),
  });

export function TuningSection() {
  const { tenant } = useTenant();
  const reranking = useQuery(rerankingQuery(tenant));
  return (
    <Section
      title="Tuning"
      note="In force within 5 seconds for what a request computes, and with the next night for stored lists"
    >
      <Loaded query={reranking} lines={6}>
        {({ version, settings, effective }) => (
          <Dials
            key={version}
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
  const [changes, setChanges] = useState<Steps>({});
  const [isAsking, setAsking] = useState(false);
  const isChanged = Object.keys(changes).length > 0;
  const wanted = withSteps(settings, changes);
  const look = useMutation({
    mutationFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/reranking/preview', {
          params: { path: { tenant } },
          body: { settings: wanted as never, sample: 20, count: 10 },
        }),
      ),
  });
  const { reset } = look;
  useEffect(reset, [changes, reset]);
  const change = (step: string, values: Readonly<Record<string, number | boolean>>) =>
    setChanges((before) => ({ ...before, [step]: { ...before[step], ...values } }));
  const save = async (reason: string) => {
    const body = { settings: wanted as never, reason, expectedVersion: version };
    await answerOf(client.PUT('/v1/tenants/{tenant}/reranking', { params: { path: { tenant } }, body }));
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  return (
    <Stack gap="lg">
      <div className={classes.dials}>
        {DIALS.map((dial) => {
          const { step, parameter, label, meaning, min, max, by } = dial;
          const now = { ...effective[step], ...changes[step] };
          const isOn = now.enabled === true;
          return (
            <div key={step}>
              <Switch
                label={label}
                description={meaning}
                checked={isOn}
                disabled={!mayChange}
                onChange={(event) => change(step, { enabled: event.currentTarget.checked })}
              />
              <Slider
                mt="sm"
                thumbLabel={label}
                min={min}
                max={max}
                step={by}
                disabled={!mayChange || !isOn}
                value={Number(now[parameter])}
                label={(value) => value.toFixed(2)}
                onChange={(value) => change(step, { [parameter]: value })}
              />
              <Text size="sm" c="dimmed" mt={4} className="ns-numbers">
                {isOn ? Number(now[parameter]).toFixed(2) : 'off'}
              </Text>
            </div>
          );
        })}
      </div>
      <Group>
        <Button
          variant="default"
          disabled={!isChanged}
          loading={look.isPending}
          onClick={() => look.mutate()}
        >
          Preview
        </Button>
        {mayChange && (
          <Button disabled={!isChanged} onClick={() => setAsking(true)}>
            Save…
          </Button>
        )}
        {isChanged && (
          <Button variant="subtle" onClick={() => setChanges({})}>
            As it was
          </Button>
        )}
      </Group>
      {look.error !== null && <ProblemNotice error={look.error} />}
      {look.data !== undefined && <PreviewResult preview={look.data} />}
      <ReasonDialog
        opened={isAsking}
        title="Save the tuning?"
        verb="Save"
        act={save}
        onClose={() => setAsking(false)}
      >
        <Text>
          {look.data === undefined
            ? 'You have not looked at a preview of these settings.'
            : `Of ${look.data.looked} customers looked at, ${look.data.changed} get another list.`}
        </Text>
      </ReasonDialog>
    </Stack>
  );
}

/** Only what was touched is set: everything else keeps following the defaults. */
function withSteps(settings: Readonly<Record<string, unknown>>, changes: Steps): Record<string, unknown> {
  const before = (settings.steps ?? {}) as Steps;
  const steps = Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(changes)])].map((step) => [
      step,
      { ...before[step], ...changes[step] },
    ]),
  );
  return { ...settings, steps };
}
