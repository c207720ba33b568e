import classes from './state-badge.module.css';
import type { LifecycleState } from './queries.js';

export const STATE_WORDS: Readonly<Record<LifecycleState, string>> = {
  on: 'On',
  frozen: 'Frozen',
  off: 'Off',
};

/** In words and by shape, and only then by colour. */
export function StateBadge({ state }: { state: LifecycleState }) {
  return (
    <span className={classes.badge} data-state={state}>
      {STATE_WORDS[state]}
    </span>
  );
}
