import { memo } from 'react';
import { decimals, whole } from '../../parts/numbers.js';
import { Tag } from '../../parts/tag.js';
import { StateBadge } from '../../tenant/state-badge.js';
import type { FleetColumns } from '../queries.js';
import { Sparkline } from './sparkline.js';
import { TROUBLE_TONES, TROUBLE_WORDS } from './tenant-search.js';
import classes from './tenants-table.module.css';

const NOTHING = '–';
/** As many as fit; the tenant's own page has all. */
const MOST_TAGS = 2;

interface TenantRowProps {
  readonly columns: FleetColumns;
  readonly index: number;
  readonly start: number;
}

export const tenantAddress = (tenant: string) => `/operator/tenants/${encodeURIComponent(tenant)}`;

export const TenantRow = memo(function TenantRow({ columns, index, start }: TenantRowProps) {
  const tenant = columns.tenant[index] ?? '';
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
      <div role="cell" className={classes.who}>
        <a className={classes.name} href={tenantAddress(tenant)}>
          {columns.name[index]}
        </a>
        <span className={classes.slug}>{tenant}</span>
      </div>
      <div role="cell" className={classes.state}>
        <StateBadge state={columns.state[index] ?? 'on'} />
      </div>
      <div role="cell" className={classes.troubles}>
        {troubles.slice(0, MOST_TAGS).map((trouble) => (
          <Tag key={trouble} tone={TROUBLE_TONES[trouble]}>
            {TROUBLE_WORDS[trouble]}
          </Tag>
        ))}
        {troubles.length > MOST_TAGS && <span>+{troubles.length - MOST_TAGS}</span>}
      </div>
      <div role="cell" className={classes.wide}>
        <span className={classes.night}>{columns.lastNight[index] || NOTHING}</span>
        <span className={classes.slug}>
          {columns.lastOutcome[index] || columns.lastError[index] || columns.lastStatus[index]}
        </span>
      </div>
      <div role="cell" className={`${classes.wide} ${classes.trend}`}>
        <span>{last === undefined ? NOTHING : decimals(last / 1_000)}</span>
        <Sparkline values={accuracy} />
      </div>
      <div role="cell" className={classes.wide} data-number>
        {interactions < 0 ? NOTHING : whole(interactions)}
      </div>
      <div role="cell" className={classes.wide} data-number>
        {whole(columns.cpuSeconds[index] ?? 0)} s
      </div>
      <div role="cell" className={classes.wide} data-number>
        {columns.templateVersion[index]}
      </div>
    </div>
  );
});
