import { percent, whole } from '../../../parts/numbers.js';
import classes from './insights.module.css';

interface ShareBarProps {
  readonly label: string;
  readonly unit: string;
  readonly parts: readonly {
    readonly name: string;
    readonly meaning?: string;
    readonly count: number;
    readonly isUnknown?: boolean;
  }[];
}

/** Parts of a whole as one bar; the list below it is its legend and its table at once. */
export function ShareBar({ label, unit, parts }: ShareBarProps) {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <figure className={classes.figure}>
      <div className={classes.share} aria-hidden>
        {parts.map(({ name, count, isUnknown }, index) =>
          count === 0 ? null : (
            <span
              key={name}
              data-part={isUnknown ? undefined : index}
              title={`${name}: ${whole(count)} ${unit}`}
              style={{ flexGrow: count }}
            />
          ),
        )}
      </div>
      <ul className={classes.legend} aria-label={label}>
        {parts.map(({ name, meaning, count, isUnknown }, index) => (
          <li key={name}>
            <span className={classes.swatch} data-part={isUnknown ? undefined : index} aria-hidden />
            <span>
              <strong>{name}</strong> {whole(count)} {unit} ({percent(total === 0 ? 0 : count / total)})
              {meaning !== undefined && <small>{meaning}</small>}
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
