import { Table } from '@mantine/core';
import { dayText } from './moment.js';
import { whole } from './numbers.js';
import classes from './daily-bars.module.css';

interface DailyBarsProps {
  readonly title: string;
  readonly unit: string;
  readonly days: readonly { readonly day: string; readonly value: number }[];
}

/** A fortnight in bars: who cannot see them, or wants the numbers, opens the table below. */
export function DailyBars({ title, unit, days }: DailyBarsProps) {
  const most = Math.max(...days.map(({ value }) => value), 0);
  return (
    <figure className={classes.figure}>
      <div className={classes.bars} aria-hidden>
        {days.map(({ day, value }) => (
          <span key={day} className={classes.place} title={`${dayText(day)}: ${whole(value)} ${unit}`}>
            <span
              className={classes.bar}
              style={{ height: most > 0 ? `${Math.max(value > 0 ? 3 : 0, (100 * value) / most)}%` : 0 }}
            />
          </span>
        ))}
      </div>
      <div className={classes.axis} aria-hidden>
        <span>{dayText(days[0]?.day ?? '1970-01-01')}</span>
        <span>
          highest {whole(most)} {unit}
        </span>
        <span>{dayText(days.at(-1)?.day ?? '1970-01-01')}</span>
      </div>
      <details className={classes.details}>
        <summary>{title}, as a table</summary>
        <Table withRowBorders={false} verticalSpacing={3}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Day</Table.Th>
              <Table.Th ta="right">{unit}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {days.map(({ day, value }) => (
              <Table.Tr key={day}>
                <Table.Td>{dayText(day)}</Table.Td>
                <Table.Td ta="right">{value.toFixed(2)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </figure>
  );
}
