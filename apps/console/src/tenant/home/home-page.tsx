import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../../parts/page-states.js';
import { Moment } from '../../parts/moment.js';
import { Page } from '../../parts/page.js';
import { summaryQuery, type LifecycleState } from '../queries.js';
import { STATE_WORDS } from '../state-badge.js';
import { useTenant } from '../tenant-context.js';
import { EarningsSection } from './earnings-section.js';
import classes from './home-page.module.css';
import { LastNightSection } from './last-night-section.js';
import { StateSection } from './state-section.js';
import { TimelineSection } from './timeline-section.js';

export function HomePage() {
  const { tenant, name } = useTenant();
  const summary = useQuery(summaryQuery(tenant));
  // What somebody has chosen and not yet confirmed; the timeline's undo chooses too.
  const [staged, setStaged] = useState<LifecycleState>();
  return (
    <Page title={name} tab={`Home · ${name}`} note={<Since query={summary} />}>
      <Loaded query={summary} lines={6} label="Loading the tenant">
        {(data) => (
          <div className={classes.grid}>
            <div className={classes.wide}>
              <StateSection summary={data} staged={staged} onStage={setStaged} />
            </div>
            <EarningsSection />
            <LastNightSection summary={data} />
            <div className={classes.wide}>
              <TimelineSection onUndo={setStaged} state={data.state} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Since({ query }: { query: { data?: { state: LifecycleState; stateChangedAt: string } } }) {
  if (query.data === undefined) return null;
  return (
    <>
      {STATE_WORDS[query.data.state]} since <Moment at={query.data.stateChangedAt} />
    </>
  );
}
