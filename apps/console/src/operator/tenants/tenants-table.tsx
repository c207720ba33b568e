import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type MouseEvent } from 'react';
import type { FleetColumns, FleetSort } from '../queries.js';
import { TenantRow } from './tenant-row.js';
import classes from './tenants-table.module.css';

const ROW_HEIGHT = 52;
/** Trouble stands below the name. */
const NARROW_ROW_HEIGHT = 78;
const NARROW = '(max-width: 75em)';
const ROWS_AROUND = 4;

type Look = 'everywhere' | 'number' | undefined;
const HEADS: readonly (readonly [sort: FleetSort, label: string, look?: Look])[] = [
  ['tenant', 'Tenant', 'everywhere'],
  ['state', 'State', 'everywhere'],
  ['trouble', 'Trouble'],
  ['lastRun', 'Last night'],
  ['accuracy', 'NDCG@10, 14 nights'],
  ['size', 'Interactions', 'number'],
  ['cost', 'CPU, 14 nights', 'number'],
  ['template', 'Template', 'number'],
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
  const openInside = useInsideLinks();
  const rowHeight = useMediaQuery(NARROW, false, { getInitialValueInEffect: false })
    ? NARROW_ROW_HEIGHT
    : ROW_HEIGHT;
  const count = columns.tenant.length;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: ROWS_AROUND,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();
  return (
    <div ref={scroller} className={classes.scroller} role="region" aria-label="All rows" tabIndex={0}>
      <div role="table" aria-label="Tenants" aria-rowcount={count + 1} onClick={openInside}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            {HEADS.map(([by, label, look]) => (
              <div
                key={by}
                role="columnheader"
                aria-sort={by !== sort ? 'none' : isDescending ? 'descending' : 'ascending'}
                className={look === 'everywhere' ? undefined : classes.wide}
                data-number={look === 'number' || undefined}
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
          {items.map(({ index, start }) => (
            // A row that has left makes room for one that has come: its elements stay, only what is in them changes.
            <TenantRow key={index % items.length} columns={columns} index={index} start={start} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** A plain click on a link goes on inside the console. One listener for all rows: a link with its own costs half a row's time. */
function useInsideLinks(): (event: MouseEvent) => void {
  const navigate = useNavigate();
  return (event) => {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!isPlain || link === null) return;
    event.preventDefault();
    void navigate({ href: link.getAttribute('href') ?? '/operator' });
  };
}
