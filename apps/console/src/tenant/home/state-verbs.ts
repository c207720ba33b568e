import type { LifecycleState } from '../queries.js';

export const VERBS: Readonly<Record<LifecycleState, string>> = {
  on: 'Switch on',
  frozen: 'Freeze',
  off: 'Switch off',
};
