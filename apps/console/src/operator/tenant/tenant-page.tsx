import { Anchor, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../../api/problem.js';
import { Facts } from '../../parts/facts.js';
import { whole } from '../../parts/numbers.js';
import { Loaded, MissingPage } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Section } from '../../parts/section.js';
import { StateBadge } from '../../tenant/state-badge.js';
import { OperatorMoment } from '../operator-moment.js';
import { fleetTenantQuery, type FleetTenant } from '../queries.js';
import { BULK_WORDS, BulkDialog, type BulkAction } from '../tenants/bulk-dialog.js';
import { AGE_WORDS } from '../tenants/tenant-search.js';
import { EnterDialog } from './enter-dialog.js';
import { NightsSection } from './nights-section.js';
import { StatesSection, VisitsSection } from './record-sections.js';
import { TroubleSection } from './trouble-section.js';

/** What operators know of one tenant: how it fares, what to do next, what it costs. Its data is behind the door. */
export function TenantPage() {
  const { tenant } = useParams({ from: '/signed-in/operator/tenants/$tenant' });
  const query = useQuery(fleetTenantQuery(tenant));
  if (isProblem(query.error, 404)) return <MissingPage />;
  return (
    <Loaded query={query} lines={8}>
      {(known) => <Shown known={known} />}
    </Loaded>
  );
}

type Act = BulkAction | 'enter';

function Shown({ known }: { known: FleetTenant }) {
  const [act, setAct] = useState<Act>();
  const close = () => setAct(undefined);
  const actions: BulkAction[] = known.state === 'on' ? ['run', 'freeze'] : ['on'];
  return (
    <Page
      title={known.name}
      note={
        <Anchor component={Link} to="/operator" size="sm">
          All tenants
        </Anchor>
      }
      actions={
        <Group gap="xs">
          {actions.map((each) => (
            <Button key={each} size="xs" variant="default" onClick={() => setAct(each)}>
              {BULK_WORDS[each].one}…
            </Button>
          ))}
          <Button size="xs" onClick={() => setAct('enter')}>
            Enter…
          </Button>
        </Group>
      }
    >
      <TroubleSection troubles={known.troubles} state={known.state} />
      <Section title="How it stands">
        <Facts facts={factsOf(known)} />
      </Section>
      <NightsSection tenant={known.tenant} />
      <StatesSection states={known.states} />
      <VisitsSection visits={known.visits} />
      {act === 'enter' && <EnterDialog tenant={known.tenant} name={known.name} onClose={close} />}
      {act !== undefined && act !== 'enter' && (
        <BulkDialog action={act} filter={{ slug: known.tenant }} only={known.name} onClose={close} />
      )}
    </Page>
  );
}

function factsOf(known: FleetTenant): (readonly [string, React.ReactNode])[] {
  const { requestsToday, requestsPerDay, interactions } = known;
  const used = whole(requestsToday);
  return [
    [
      'State',
      <>
        <StateBadge state={known.state} /> since <OperatorMoment at={known.stateChangedAt} />
      </>,
    ],
    ['Slug', known.tenant],
    ['Time zone', known.timeZone],
    ['Tenant since', <OperatorMoment at={known.createdAt} />],
    ['Age', AGE_WORDS[known.age]],
    ['Interactions', interactions === null ? 'no run has read any yet' : whole(interactions)],
    ['Requests today', requestsPerDay === null ? used : `${used} of ${whole(requestsPerDay)}`],
    [
      'Template',
      known.templates.map(({ version, since }) => (
        <div key={since}>
          {version}, since <OperatorMoment at={since} />
        </div>
      )),
    ],
  ];
}
