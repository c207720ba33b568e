import type { Tone } from '../../parts/tag.js';
import type { Rollout, RolloutWithEvents } from '../queries.js';

export const ROLLOUT_WORDS: Readonly<Record<Rollout['state'], string>> = {
  running: 'running',
  stopped: 'stopped',
  completed: 'completed',
};
export const ROLLOUT_TONES: Readonly<Record<Rollout['state'], Tone>> = {
  running: 'accent',
  stopped: 'bad',
  completed: 'good',
};
export const ACTION_WORDS: Readonly<Record<RolloutWithEvents['events'][number]['action'], string>> = {
  started: 'Started',
  widened: 'Widened',
  stopped: 'Stopped by hand',
  stoppedByItself: 'Stopped by itself',
  completed: 'Completed',
};
