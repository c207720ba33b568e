import { Button, Group, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { Section } from '../../parts/section.js';
import type { LifecycleState, TenantSummary } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { ChangeStateDialog } from './change-state-dialog.js';
import { VERBS } from './state-verbs.js';
import classes from './state-section.module.css';

const CHOICES: readonly { state: LifecycleState; label: string; meaning: string }[] = [
  {
    state: 'on',
    label: 'On',
    meaning: 'Retrained every night; a new model takes over when it is better.',
  },
  {
    state: 'frozen',
    label: 'Freeze',
    meaning: 'The model in service stays as it is. Lists are still made each night.',
  },
  { state: 'off', label: 'Off', meaning: 'Nothing is recommended and nothing is trained.' },
];

interface StateSectionProps {
  readonly summary: TenantSummary;
  readonly staged: LifecycleState | undefined;
  readonly onStage: (state: LifecycleState | undefined) => void;
}

/** Choosing stages, and only the dialog changes: nothing here shows a state that the server has not confirmed. */
export function StateSection({ summary, staged, onStage }: StateSectionProps) {
  const { mayChange } = useTenant();
  const [isAsking, setAsking] = useState(false);
  const choices = useRef<HTMLDivElement>(null);
  const chosen = staged !== undefined && staged !== summary.state ? staged : undefined;
  return (
    <Section
      title="Recommender"
      note={
        mayChange ? 'In effect on your endpoint within 5 seconds.' : 'Your role may look, and not switch.'
      }
    >
      <div ref={choices} role="radiogroup" aria-label="State of the recommender" className={classes.choices}>
        {CHOICES.map(({ state, label, meaning }) => (
          <label key={state} className={classes.choice} data-current={state === summary.state || undefined}>
            <input
              type="radio"
              name="state"
              value={state}
              checked={(chosen ?? summary.state) === state}
              disabled={!mayChange}
              onChange={() => onStage(state === summary.state ? undefined : state)}
              aria-describedby={`meaning-${state}`}
            />
            <span className={classes.label}>
              {label}
              {state === summary.state && <span className={classes.now}>now</span>}
            </span>
            <span id={`meaning-${state}`} className={classes.meaning}>
              {meaning}
            </span>
          </label>
        ))}
      </div>
      {chosen !== undefined && (
        <Group mt="md" gap="sm">
          <Button onClick={() => setAsking(true)} color={chosen === 'off' ? 'red' : undefined}>
            {VERBS[chosen]}…
          </Button>
          <Button variant="default" onClick={() => onStage(undefined)}>
            Leave it {summary.state}
          </Button>
          <Text size="sm" c="dimmed">
            Nothing has changed yet.
          </Text>
        </Group>
      )}
      {chosen !== undefined && (
        <ChangeStateDialog
          opened={isAsking}
          to={chosen}
          summary={summary}
          onClose={() => setAsking(false)}
          onChanged={() => {
            setAsking(false);
            onStage(undefined);
            // The button that had asked is gone with its question.
            setTimeout(() => choices.current?.querySelector<HTMLElement>(':checked')?.focus());
          }}
        />
      )}
    </Section>
  );
}
