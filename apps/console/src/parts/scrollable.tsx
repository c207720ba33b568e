import type { ReactNode } from 'react';
import classes from './scrollable.module.css';

/** What may be wider than a phone: scrolls by itself, also with the keyboard, and never moves the page. */
export function Scrollable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} tabIndex={0} className={classes.scrollable}>
      {children}
    </div>
  );
}
