import { Text } from '@mantine/core';
import { momentText } from '../../parts/moment.js';
import { percent } from '../../parts/numbers.js';
import classes from './rate-bars.module.css';

interface RateBarsProps {
  readonly title: string;
  readonly weeks: readonly { readonly until: string; readonly rate: Rate }[];
  /** Above which somebody is to be alarmed. */
  readonly threshold: number;
}

interface Rate {
  readonly perWeek: number;
  readonly low: number;
  readonly high: number;
}

const dayOf = (at: string | undefined) => (at === undefined ? '' : momentText(at, 'UTC', 'day'));

/** Weekly rates with their intervals, and the threshold as a line through them; the table below has the numbers. */
export function RateBars({ title, weeks, threshold }: RateBarsProps) {
  const most = Math.max(...weeks.map(({ rate }) => rate.perWeek), 0);
  // The line is always inside; an interval that reaches beyond is cut off, or a quiet week would flatten all others.
  const top = 1.25 * Math.max(most, threshold);
  const share = (value: number) => `${Math.min(100, (100 * value) / top)}%`;
  const last = weeks.at(-1)?.rate;
  return (
    <figure className={classes.figure}>
      <figcaption>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          last seven days {percent(last?.perWeek)} · highest {percent(most)} · alert above{' '}
          {percent(threshold)}
        </Text>
      </figcaption>
      <div className={classes.bars} aria-hidden>
        {weeks.map(({ until, rate }) => (
          <span
            key={until}
            className={classes.place}
            title={`until ${dayOf(until)}: ${percent(rate.perWeek)} (${percent(rate.low)} to ${percent(rate.high)})`}
          >
            <span
              className={classes.bar}
              data-above={rate.perWeek > threshold || undefined}
              style={{ height: rate.perWeek === 0 ? 0 : `max(3px, ${share(rate.perWeek)})` }}
            />
            {rate.perWeek > 0 && (
              <span
                className={classes.interval}
                style={{ bottom: share(rate.low), top: `calc(100% - ${share(rate.high)})` }}
              />
            )}
          </span>
        ))}
        <span className={classes.threshold} style={{ bottom: share(threshold) }} />
      </div>
      <div className={classes.axis} aria-hidden>
        <span>{dayOf(weeks.at(0)?.until)}</span>
        <span>{dayOf(weeks.at(-1)?.until)}</span>
      </div>
    </figure>
  );
}
