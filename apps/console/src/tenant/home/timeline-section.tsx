import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Moment } from '../../parts/moment.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import {
  lifecycleHistoryQuery,
  registryHistoryQuery,
  type LifecycleState,
  type Schemas,
} from '../queries.js';
import { STATE_WORDS } from '../state-badge.js';
import { useTenant } from '../tenant-context.js';
import classes from './timeline-section.module.css';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly what: ReactNode;
  readonly undoTo?: LifecycleState;
}

interface TimelineSectionProps {
  readonly state: LifecycleState;
  /** Stages the state before: undoing is a change like any other, with a dialog and a reason. */
  readonly onUndo: (state: LifecycleState) => void;
}

export function TimelineSection({ state, onUndo }: TimelineSectionProps) {
  const { tenant, mayChange } = useTenant();
  const lifecycle = useQuery(lifecycleHistoryQuery(tenant));
  const registry = useQuery(registryHistoryQuery(tenant));
  return (
    <Section title="Who changed what" note="Changes of state and of the model by people, newest first">
      <Loaded query={lifecycle} lines={4}>
        {({ changes }) => {
          const entries = merged(changes, registry.data?.changes ?? [], state);
          if (entries.length === 0)
            return (
              <Nothing title="Nobody has changed anything">What the nights do is under “Models”.</Nothing>
            );
          return (
            <ol className={classes.list}>
              {entries.map((entry) => (
                <li key={entry.id} className={classes.entry}>
                  <div className={classes.when}>
                    <Moment at={entry.at} />
                  </div>
                  <div>
                    <Text fw={550}>{entry.what}</Text>
                    <Text>“{entry.reason}”</Text>
                    <Text size="sm" c="dimmed">
                      {entry.actor}
                    </Text>
                  </div>
                  {entry.undoTo !== undefined && mayChange && (
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => {
                        onUndo(entry.undoTo!);
                        scrollTo({ top: 0, behavior: 'smooth' });
                      }}
                    >
                      Undo…
                    </Button>
                  )}
                </li>
              ))}
            </ol>
          );
        }}
      </Loaded>
    </Section>
  );
}

function merged(
  lifecycle: readonly Schemas['LifecycleChangeDto'][],
  registry: readonly Schemas['RegistryChangeDto'][],
  state: LifecycleState,
): Entry[] {
  const states = lifecycle.map(
    ({ changeId, changedAt, actor, reason, fromState, toState }, index): Entry => ({
      ...{ id: changeId, at: changedAt, actor, reason },
      what: `${STATE_WORDS[fromState]} → ${STATE_WORDS[toState]}`,
      // Only what is still so can be undone.
      undoTo: index === 0 && toState === state ? fromState : undefined,
    }),
  );
  const versions = registry.map(({ changeId, changedAt, actor, reason, fromVersion, toVersion }): Entry => ({
    ...{ id: changeId, at: changedAt, actor, reason },
    what: `Model version ${fromVersion ?? '–'} → ${toVersion}`,
  }));
  return [...states, ...versions].sort((a, b) => b.at.localeCompare(a.at));
}
