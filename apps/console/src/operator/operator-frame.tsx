import { AppShell, Anchor, Burger, Button, Group, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { sessionQuery, signOut, type Session } from '../api/session.js';
import { MissingPage } from '../parts/page-states.js';
import { Wordmark } from '../parts/wordmark.js';
import classes from './operator-frame.module.css';

/** What the navigation names, in its order. */
const PAGES = [
  { to: '/operator', label: 'Tenants' },
  { to: '/operator/rates', label: 'Freeze and turn-off' },
  { to: '/operator/templates', label: 'Templates' },
  { to: '/operator/work', label: 'Runs and queues' },
  { to: '/operator/onboarding', label: 'Onboarding' },
  { to: '/operator/trail', label: 'Trail' },
] as const;

export function OperatorFrame() {
  const { data: session } = useQuery(sessionQuery);
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  useEffect(close, [pathname, close]);
  if (!session) return null;
  // For anybody else there is nothing at this address.
  if (!session.account.isOperator) return <MissingPage />;
  return (
    <>
      <a className="ns-skip" href="#content" onClick={() => main.current?.focus()}>
        To the content
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={0}
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap">
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
                to="/operator"
                underline="never"
                c="inherit"
                aria-label="Nightshift, all tenants"
              >
                <Wordmark />
              </Anchor>
              <Text c="dimmed" visibleFrom="sm">
                Fleet
              </Text>
            </Group>
            <OperatorMenu session={session} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} p="sm" aria-label="Pages">
          {PAGES.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/operator', includeSearch: false }}
              className={classes.link}
              activeProps={{ 'aria-current': 'page' }}
            >
              {label}
            </Link>
          ))}
        </AppShell.Navbar>
        <AppShell.Main ref={main} id="content" tabIndex={-1} className={classes.main}>
          <div className={classes.column}>
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  );
}

const NEXT_SCHEME = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const SCHEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

function OperatorMenu({ session }: { session: Session }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const leave = async () => {
    await signOut();
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  const { name, email } = session.account;
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px={8} c="inherit" aria-label={`Account of ${name}`}>
          <Text span size="sm">
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email} · Operator</Menu.Label>
        <Menu.Item closeMenuOnClick={false} onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}>
          Appearance: {SCHEME_WORDS[colorScheme]}
        </Menu.Item>
        <Menu.Item component={Link} to="/tenants">
          Tenants that I may enter
        </Menu.Item>
        <Menu.Item component="a" href="/docs">
          API documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
