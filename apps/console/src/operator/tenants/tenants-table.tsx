import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useRef } from 'react';
import { decimals, whole } from '../../parts/numbers.js';
import { Tag } from '../../parts/tag.js';
import { StateBadge } from '../../tenant/state-badge.js';
import type { FleetColumns, FleetSort } from '../queries.js';
import { Sparkline } from './sparkline.js';
import { TROUBLE_WORDS } from './tenant-search.js';
import classes from './tenants-table.module.css';

const ROW_HEIGHT = 52;
const ROWS_AROUND = 8;

const HEADS: readonly { readonly sort: FleetSort; readonly label: string; readonly narrow?: boolean }[] = [
  { sort: 'tenant', label: 'Tenant', narrow: true },
  { sort: 'state', label: 'State', narrow: true },
  { sort: 'trouble', label: 'Trouble' },
  { sort: 'template', label: 'Template' },
  { sort: 'size', label: 'Interactions' },
  { sort: 'lastRun', label: 'Last night' },
  { sort: 'accuracy', label: 'NDCG@10' },
  { sort: 'cost', label: 'CPU, 14 runs' },
];

interface TenantsTableProps {
  readonly columns: FleetColumns;
  readonly sort: FleetSort;
  readonly isDescending: boolean;
  readonly onSort: (sort: FleetSort) => void;
}

/** Thousands of rows, of which those are made that are seen. */
export function TenantsTable({ columns, sort, isDescending, onSort }: TenantsTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const count = columns.tenant.length;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_AROUND,
  });
  return (
    <div ref={scroller} className={classes.scroller} role="region" aria-label="Tenants" tabIndex={0}>
      <div role="table" aria-label="Tenants" aria-rowcount={count + 1} className={classes.table}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            {HEADS.map(({ sort: by, label, narrow }) => (
              <div
                key={by}
                role="columnheader"
                aria-sort={by !== sort ? 'none' : isDescending ? 'descending' : 'ascending'}
                className={narrow === true ? undefined : classes.wide}
              >
                <button type="button" className={classes.sort} onClick={() => onSort(by)}>
                  {label}
                  {by === sort && <span aria-hidden>{isDescending ? ' ↑' : ' ↓'}</span>}
                </button>
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => (
            <TenantRow key={columns.tenant[index]} columns={columns} index={index} start={start} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface TenantRowProps {
  readonly columns: FleetColumns;
  readonly index: number;
  readonly start: number;
}

const TenantRow = memo(function TenantRow({ columns, index, start }: TenantRowProps) {
  const troubles = columns.troubles[index] ?? [];
  const accuracy = columns.accuracy[index] ?? [];
  const interactions = columns.interactions[index] ?? -1;
  const last = accuracy.at(-1);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.row} ${classes.tenant}`}
      style={{ transform: `translateY(${start}px)` }}
    >
      <div role="cell">
        <span className={classes.name}>{columns.name[index]}</span>
        <span className={classes.slug}>{columns.tenant[index]}</span>
      </div>
      <div role="cell">
        <StateBadge state={columns.state[index] ?? 'on'} />
      </div>
      <div role="cell" className={classes.wide}>
        {troubles.slice(0, 2).map((trouble) => (
          <Tag key={trouble} tone={trouble === 'failed' || trouble === 'late' ? 'bad' : 'warn'}>
            {TROUBLE_WORDS[trouble]}
          </Tag>
        ))}
        {troubles.length > 2 && ` +${troubles.length - 2}`}
      </div>
      <div role="cell" className={classes.wide}>
        {columns.templateVersion[index]}
      </div>
      <div role="cell" className={classes.wide}>
        {interactions < 0 ? '–' : whole(interactions)}
      </div>
      <div role="cell" className={classes.wide}>
        <span>{columns.lastNight[index] === '' ? '–' : columns.lastNight[index]}</span>
        <span className={classes.slug}>
          {columns.lastOutcome[index] || columns.lastError[index] || columns.lastStatus[index]}
        </span>
      </div>
      <div role="cell" className={`${classes.wide} ${classes.trend}`}>
        <span>{last === undefined ? '–' : decimals(last / 1_000)}</span>
        <Sparkline values={accuracy} />
      </div>
      <div role="cell" className={classes.wide}>
        {whole(columns.cpuSeconds[index] ?? 0)} s
      </div>
    </div>
  );
});
