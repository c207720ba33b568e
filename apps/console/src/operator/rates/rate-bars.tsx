import { Text } from '@mantine/core';
import { percent } from '../../parts/numbers.js';
import classes from './rate-bars.module.css';

interface RateBarsProps {
  readonly title: string;
  readonly rates: readonly { readonly perWeek: number; readonly low: number; readonly high: number }[];
}

/** Bars with the upper end of their interval; the table below has the numbers. */
export function RateBars({ title, rates }: RateBarsProps) {
  const most = Math.max(...rates.map(({ perWeek }) => perWeek), 0.001);
  const last = rates.at(-1);
  return (
    <figure className={classes.figure}>
      <figcaption>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          last seven days {percent(last?.perWeek)} · highest {percent(most)}
        </Text>
      </figcaption>
      <div className={classes.bars} aria-hidden>
        {rates.map(({ perWeek }, week) => (
          <span key={week} className={classes.place} title={percent(perWeek)}>
            <span
              className={classes.bar}
              style={{ height: `${Math.max(perWeek > 0 ? 3 : 0, (100 * perWeek) / most)}%` }}
            />
          </span>
        ))}
      </div>
    </figure>
  );
}
