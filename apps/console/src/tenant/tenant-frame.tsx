import {
  Anchor,
  AppShell,
  Badge,
  Burger,
  Button,
  Group,
  Menu,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isProblem } from '../api/problem.js';
import { nameOfTenant, roleIn, sessionQuery, signOut, type Session } from '../api/session.js';
import { FailedPage, MissingPage } from '../parts/page-states.js';
import { Wordmark } from '../parts/wordmark.js';
import { TenantProvider } from './tenant-context.js';
import { summaryQuery } from './queries.js';
import { StateBadge } from './state-badge.js';
import { TENANT_PAGES } from './tenant-pages.js';
import { VisitBanner } from './visit-banner.js';
import classes from './tenant-frame.module.css';

export function TenantFrame() {
  const { tenant } = useParams({ from: '/signed-in/tenants/$tenant' });
  const { data: session } = useQuery(sessionQuery);
  const role = session ? roleIn(session, tenant) : undefined;
  const summary = useQuery({ ...summaryQuery(tenant), enabled: role !== undefined });
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);

  useEffect(close, [pathname, close]);
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
      <a className="ns-skip" href="#content" onClick={() => main.current?.focus()}>
        To the content
      </a>
      <AppShell
        header={{ height: 56, collapsed: false }}
        navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={0}
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" className={classes.place}>
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
                aria-expanded={isOpen}
              />
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
              <TenantChoice session={session} tenant={tenant} name={name} />
              {summary.data && <StateBadge state={summary.data.state} />}
            </Group>
            <AccountMenu session={session} role={role} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} p="sm" aria-label="Pages">
          {TENANT_PAGES.map(({ path, label }) => (
            <Link
              key={path}
              to={`/tenants/$tenant${path}`}
              params={{ tenant }}
              activeOptions={{ exact: path === '', includeSearch: false }}
              className={classes.link}
              activeProps={{ 'aria-current': 'page' }}
            >
              {label}
            </Link>
          ))}
        </AppShell.Navbar>
        <AppShell.Main ref={main} id="content" tabIndex={-1} className={classes.main}>
          <div className={classes.column}>
            <VisitBanner session={session} tenant={tenant} />
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
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

const NEXT_SCHEME = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const SCHEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
const ROLE_WORDS = { admin: 'Admin', analyst: 'Analyst', visitor: 'Visiting operator' } as const;

function AccountMenu({ session, role }: { session: Session; role: keyof typeof ROLE_WORDS }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const leave = async () => {
    await signOut();
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  const { name, email, isOperator } = session.account;
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px={8} c="inherit" aria-label={`Account of ${name}`}>
          <Text span size="sm" visibleFrom="sm">
            {name}
          </Text>
          <Text span size="sm" hiddenFrom="sm" aria-hidden>
            {name.slice(0, 1).toUpperCase()}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {email}{' '}
          <Badge size="xs" variant="default">
            {ROLE_WORDS[role]}
          </Badge>
        </Menu.Label>
        <Menu.Item closeMenuOnClick={false} onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}>
          Appearance: {SCHEME_WORDS[colorScheme]}
        </Menu.Item>
        {isOperator && (
          <Menu.Item component={Link} to="/operator">
            Operator console
          </Menu.Item>
        )}
        <Menu.Item component="a" href="/docs">
          API documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
