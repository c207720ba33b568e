import { Table } from '@mantine/core';
import { Scrollable } from '../../../parts/scrollable.js';
import classes from './insights.module.css';

export interface IntervalRow {
  readonly key: string;
  readonly label: string;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** What stands beside it in the table. */
  readonly cells: readonly string[];
}

interface IntervalChartProps {
  readonly title: string;
  /** What a row is. */
  readonly rowName: string;
  /** Of the axis. */
  readonly unit: string;
  readonly names: { readonly low: string; readonly middle: string; readonly high: string };
  readonly columns: readonly string[];
  readonly rows: readonly IntervalRow[];
  /** Values that the axis has to show. */
  readonly from?: number;
  readonly to?: number;
  /** A line across all rows. */
  readonly mark?: { readonly at: number; readonly label: string };
  readonly text: (value: number) => string;
}

const WIDEST_OUTLIER = 3;

/** A dot with its interval for each row, on one axis; the table below it has the numbers. */
export function IntervalChart(props: IntervalChartProps) {
  const { title, rowName, unit, names, columns, rows, mark, text } = props;
  const [from, to] = axisOf(props);
  const at = (value: number) => `${(100 * (Math.min(Math.max(value, from), to) - from)) / (to - from)}%`;
  return (
    <figure className={classes.figure}>
      <div className={classes.intervals} aria-hidden>
        {rows.map(({ key, label, low, middle, high }) => (
          <div
            key={key}
            className={classes.row}
            title={`${label}: ${text(middle)} (${text(low)} to ${text(high)})`}
          >
            <span className={classes.label}>{label}</span>
            <span className={classes.track}>
              {mark !== undefined && <i className={classes.mark} style={{ left: at(mark.at) }} />}
              <i
                className={classes.range}
                style={{ left: at(low), right: `calc(100% - ${at(high)})` }}
                data-cut={low < from || high > to || undefined}
              />
              <i className={classes.dot} style={{ left: at(middle) }} />
            </span>
            <span className={classes.value}>{text(middle)}</span>
          </div>
        ))}
        <div className={classes.row}>
          <span />
          <span className={classes.axis}>
            <span>{text(from)}</span>
            <span>{mark === undefined ? unit : `${mark.label}, ${unit}`}</span>
            <span>{text(to)}</span>
          </span>
          <span />
        </div>
      </div>
      <details className={classes.details}>
        <summary>{title}, as a table</summary>
        <Scrollable label={title}>
          <Table withRowBorders={false} verticalSpacing={3}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{rowName}</Table.Th>
                {[names.low, names.middle, names.high, ...columns].map((name) => (
                  <Table.Th key={name} ta="right">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ key, label, low, middle, high, cells }) => (
                <Table.Tr key={key}>
                  <Table.Td miw={150}>{label}</Table.Td>
                  {[text(low), text(middle), text(high), ...cells].map((cell, index) => (
                    <Table.Td key={index} ta="right">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrollable>
      </details>
    </figure>
  );
}

/** One wild interval must not make all others a dot: the axis follows the middles. */
function axisOf({ rows, from = 0, to = 0, mark }: IntervalChartProps): [number, number] {
  const middles = rows.map(({ middle }) => middle);
  const needed = [from, to, ...(mark === undefined ? [] : [mark.at]), ...middles];
  const [low, high] = [Math.min(...needed), Math.max(...needed)];
  const spare = (high - low || 1) / WIDEST_OUTLIER;
  return [
    Math.max(low - spare, Math.min(low, ...rows.map((row) => row.low))),
    Math.min(high + spare, Math.max(high, ...rows.map((row) => row.high))),
  ];
}
