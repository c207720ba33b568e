import type { ReactNode } from 'react';
import classes from './tag.module.css';

export type Tone = 'good' | 'accent' | 'warn' | 'bad' | 'plain';

/** One word about a thing; the colour only repeats it. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
