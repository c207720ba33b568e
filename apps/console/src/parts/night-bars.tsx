import { Text } from '@mantine/core';
import classes from './daily-bars.module.css';

interface NightBarsProps {
  readonly title: string;
  readonly text: (value: number) => string;
  /** Oldest first. */
  readonly nights: readonly { readonly night: string; readonly value: number }[];
}

/** Nights in bars, beside a table that has the numbers. */
export function NightBars({ title, text, nights }: NightBarsProps) {
  const most = Math.max(...nights.map(({ value }) => value), 0);
  const last = nights.at(-1);
  return (
    <figure className={classes.figure}>
      <figcaption>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {last === undefined ? 'nothing yet' : `last ${text(last.value)} · highest ${text(most)}`}
        </Text>
      </figcaption>
      <div className={classes.bars} aria-hidden>
        {nights.map(({ night, value }) => (
          <span key={night} className={classes.place} title={`${night}: ${text(value)}`}>
            <span
              className={classes.bar}
              style={{ height: most > 0 ? `${Math.max(value > 0 ? 3 : 0, (100 * value) / most)}%` : 0 }}
            />
          </span>
        ))}
      </div>
      <div className={classes.axis} aria-hidden>
        <span>{nights.at(0)?.night}</span>
        <span>{last?.night}</span>
      </div>
    </figure>
  );
}
