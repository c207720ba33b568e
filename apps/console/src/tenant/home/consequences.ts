import { momentText } from '../../parts/moment.js';
import { count, whole } from '../../parts/numbers.js';
import { isUnfinished, type LifecycleState, type RunSummary, type TenantSummary } from '../queries.js';
import type { Kpis } from './kpi-queries.js';

interface Facts {
  readonly to: LifecycleState;
  readonly summary: TenantSummary;
  readonly timeZone: string;
  readonly kpis: Kpis | undefined;
  readonly runs: { readonly runs: readonly RunSummary[] } | undefined;
}

const WEEK_DAYS = 7;

/** What will be different afterwards, in this tenant's own numbers. */
export function consequencesOf(facts: Facts): string[] {
  const { to } = facts;
  const lines = to === 'on' ? whenOn(facts) : to === 'frozen' ? whenFrozen(facts) : whenOff(facts);
  return [...lines, ...aboutRunNow(facts)];
}

function whenOn({ summary, timeZone }: Facts): string[] {
  const { served, schedule } = summary;
  return [
    served === null
      ? 'Your endpoint answers as soon as a first run has published lists.'
      : `Your endpoint answers ${count(served.customerLists, 'customer')} from model version ${served.modelVersion}, within 5 seconds.`,
    schedule.nextRunAt === null
      ? `Retraining begins with the next night, at ${hour(schedule.nightStartsAtHour)} local time.`
      : `The next retraining begins on ${momentText(schedule.nextRunAt, timeZone)}; a better model takes over by itself.`,
  ];
}

function whenFrozen({ summary, timeZone }: Facts): string[] {
  const { served, schedule, state } = summary;
  const night =
    schedule.nextRunAt === null
      ? 'Nights'
      : `The night of ${momentText(schedule.nextRunAt, timeZone, 'day')} and those after it`;
  return [
    served === null
      ? 'There is no model yet, so there is nothing to keep: no list is served until you switch on.'
      : `Model version ${served.modelVersion} goes on serving ${count(served.customerLists, 'customer')}${state === 'off' ? ' again' : ''}, within 5 seconds.`,
    `${night} train nothing and promote nothing. New customers are ranked by the same model, and products no longer sold drop out.`,
    'Feedback is still recorded and teaches the first model after you switch on.',
  ];
}

function whenOff({ summary, kpis }: Facts): string[] {
  const { served } = summary;
  const asked = (kpis?.days ?? []).slice(-WEEK_DAYS).reduce((sum, day) => sum + day.served, 0);
  return [
    served === null
      ? 'Your endpoint goes on answering “none”: there is no model yet.'
      : `Within 5 seconds your endpoint answers “none” to everybody; ${count(served.customerLists, 'customer')} have a list now.`,
    ...(asked > 0
      ? [`It gave ${whole(asked)} answers on the last ${WEEK_DAYS} days on which it was asked.`]
      : []),
    'No run is started while it is off. Feedback is still recorded.',
    'Model versions and lists stay, so switching on again takes seconds.',
  ];
}

/** A night that is at work when the state changes ends without publishing anything. */
function aboutRunNow({ runs, to }: Facts): string[] {
  const isRunning = runs?.runs.some(isUnfinished) ?? false;
  return isRunning && to !== 'on' ? ['A run is at work now: it will end without replacing anything.'] : [];
}

const hour = (value: number): string => `${String(value).padStart(2, '0')}:00`;
