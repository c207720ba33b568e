import { Anchor, Menu, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.js';
import { AccountMenu } from '../parts/account-menu.js';
import { ConsoleFrame, frameLink } from '../parts/console-frame.js';
import { MissingPage } from '../parts/page-states.js';
import { Wordmark } from '../parts/wordmark.js';

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
  if (!session) return null;
  // For anybody else there is nothing at this address.
  if (!session.account.isOperator) return <MissingPage />;
  return (
    <ConsoleFrame
      isWide
      place={
        <>
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
        </>
      }
      account={
        <AccountMenu session={session} role="Operator">
          <Menu.Item component={Link} to="/tenants">
            Tenants that I may enter
          </Menu.Item>
        </AccountMenu>
      }
      pages={PAGES.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/operator', includeSearch: false }}
          className={frameLink}
          activeProps={{ 'aria-current': 'page' }}
        >
          {label}
        </Link>
      ))}
    >
      <Outlet />
    </ConsoleFrame>
  );
}
