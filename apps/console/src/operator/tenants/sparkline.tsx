import { memo } from 'react';

const WIDTH = 84;
const HEIGHT = 22;
const PAD = 2;

/** The last nights as a line; the number stands beside it, so it is for the eye alone. */
export const Sparkline = memo(function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length < 2) return <svg width={WIDTH} height={HEIGHT} aria-hidden />;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A tenth of the value is half the height at least: noise must not look like a mountain range.
  const span = Math.max(high - low, high / 5, 1);
  const x = (index: number) => PAD + (index * (WIDTH - 2 * PAD)) / (values.length - 1);
  const y = (value: number) => HEIGHT - PAD - ((value - low) * (HEIGHT - 2 * PAD)) / span;
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <polyline points={points} fill="none" stroke="var(--ns-accent)" strokeWidth={1.5} />
      <circle
        cx={x(values.length - 1)}
        cy={y(values[values.length - 1] ?? low)}
        r={2}
        fill="var(--ns-accent)"
      />
    </svg>
  );
});
