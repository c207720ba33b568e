import { signed } from '../../parts/numbers.js';
import type { Interval } from './metrics.js';

/** A difference never goes without its interval. */
export function IntervalText({ interval }: { interval: Interval | undefined }) {
  if (interval === undefined) return <>not measured</>;
  const { difference, low, high } = interval;
  return (
    <span className="ns-numbers">
      {signed(difference)} ({signed(low)} to {signed(high)})
    </span>
  );
}
