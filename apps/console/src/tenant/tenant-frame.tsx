import { Anchor, Button, Divider, Menu, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { isProblem } from '../api/problem.js';
import { nameOfTenant, roleIn, sessionQuery, type Session } from '../api/session.js';
import { AccountMenu } from '../parts/account-menu.js';
import { ConsoleFrame, frameLink } from '../parts/console-frame.js';
import { FailedPage, MissingPage } from '../parts/page-states.js';
import { Wordmark } from '../parts/wordmark.js';
import { TenantProvider } from './tenant-context.js';
import { useLiveUpdates } from './live-updates.js';
import { summaryQuery } from './queries.js';
import { StateBadge } from './state-badge.js';
import { TENANT_PAGES } from './tenant-pages.js';
import { VisitBanner } from './visit-banner.js';

const ROLE_WORDS = { admin: 'Admin', analyst: 'Analyst', visitor: 'Visiting operator' } as const;

export function TenantFrame() {
  const { tenant } = useParams({ from: '/signed-in/tenants/$tenant' });
  useLiveUpdates(tenant);
  const { data: session } = useQuery(sessionQuery);
  const role = session ? roleIn(session, tenant) : undefined;
  const summary = useQuery({ ...summaryQuery(tenant), enabled: role !== undefined });
  if (!session) return null;
  if (role === undefined || isProblem(summary.error, 404)) return <MissingPage />;
  if (summary.error && summary.data === undefined)
    return <FailedPage error={summary.error} reset={() => undefined} />;

  const name = summary.data?.name ?? nameOfTenant(session, tenant);
  const context = {
    ...{ tenant, name, role, mayChange: role !== 'analyst' },
    timeZone: summary.data?.timeZone ?? 'UTC',
    currency: summary.data?.currency ?? 'EUR',
  };
  return (
    <TenantProvider value={context}>
      <ConsoleFrame
        place={
          <>
            <Anchor
              component={Link}
              to="/"
              underline="never"
              c="inherit"
              visibleFrom="sm"
              aria-label="Nightshift, to the start"
            >
              <Wordmark />
            </Anchor>
            <Divider orientation="vertical" my={6} visibleFrom="sm" color="var(--ns-line)" />
            <TenantChoice session={session} tenant={tenant} name={name} />
            {summary.data && <StateBadge state={summary.data.state} />}
          </>
        }
        account={
          <AccountMenu session={session} role={ROLE_WORDS[role]}>
            {session.account.isOperator && (
              <Menu.Item component={Link} to="/operator">
                Operator console
              </Menu.Item>
            )}
          </AccountMenu>
        }
        pages={TENANT_PAGES.map(({ path, label }) => (
          <Link
            key={path}
            to={`/tenants/$tenant${path}`}
            params={{ tenant }}
            activeOptions={{ exact: path === '', includeSearch: false }}
            className={frameLink}
            activeProps={{ 'aria-current': 'page' }}
          >
            {label}
          </Link>
        ))}
      >
        <VisitBanner session={session} tenant={tenant} />
        <Outlet />
      </ConsoleFrame>
    </TenantProvider>
  );
}

function TenantChoice({ session, tenant, name }: { session: Session; tenant: string; name: string }) {
  const others = [...session.memberships, ...session.visits].filter((place) => place.tenant !== tenant);
  if (others.length === 0)
    return (
      <Text fw={600} truncate>
        {name}
      </Text>
    );
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px={8} c="inherit" rightSection={<span aria-hidden>▾</span>}>
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((place) => (
          <Menu.Item key={place.tenant} component={Link} to={`/tenants/${encodeURIComponent(place.tenant)}`}>
            {place.tenantName}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
