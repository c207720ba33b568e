import { Text } from '@mantine/core';
import { decimals, signed } from '../../parts/numbers.js';
import type { ExplainedItem } from './customer-queries.js';
import classes from './list-table.module.css';
import { stepName } from './step-names.js';
import { waterfallOf } from './waterfall.js';

/** Voices first, which add up; then each step of re-ranking with what it multiplied by: bars for the eye, numbers beside them. */
export function Breakdown({ item }: { item: ExplainedItem }) {
  return (
    <details className={classes.details}>
      <summary>
        <Text span fw={550}>
          {item.productName ?? item.productId}
        </Text>{' '}
        <Text span size="sm" c="dimmed">
          {item.productName !== null && item.productId}
        </Text>
      </summary>
      <table
        className={classes.steps}
        aria-label={`How the score of ${item.productName ?? item.productId} came about`}
      >
        <thead>
          <tr>
            <th>Step</th>
            <th>Does</th>
            <th aria-hidden />
            <th>Score</th>
          </tr>
        </thead>
        <tbody>
          {waterfallOf(item.breakdown).map(({ step, factor, change, score, left, width }, index) => (
            <tr key={`${step} ${index}`}>
              <td>{stepName(step)}</td>
              <td>{factor === undefined ? signed(change) : `× ${decimals(factor, 2)}`}</td>
              <td aria-hidden className={classes.fall}>
                <span
                  data-falls={change < 0 || undefined}
                  style={{ marginInlineStart: `${left}%`, width: `max(2px, ${width}%)` }}
                />
              </td>
              <td>{decimals(score)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
