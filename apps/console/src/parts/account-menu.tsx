import { Badge, Button, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { signOut, type Session } from '../api/session.js';
import { forgetSessionState } from './use-session-state.js';

interface AccountMenuProps {
  readonly session: Session;
  /** As what they are here. */
  readonly role: string;
  /** Where else they may go: items of the menu. */
  readonly children: ReactNode;
}

const NEXT_SCHEME = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const SCHEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function AccountMenu({ session, role, children }: AccountMenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const leave = async () => {
    await signOut();
    queryClient.clear();
    await navigate({ to: '/sign-in' });
    forgetSessionState();
  };
  const { name, email } = session.account;
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px={8} c="inherit" rightSection={<span aria-hidden>▾</span>}>
          <span className="ns-visually-hidden">Account of {name}</span>
          <Text span size="sm" visibleFrom="sm" aria-hidden>
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
            {role}
          </Badge>
        </Menu.Label>
        <Menu.Item closeMenuOnClick={false} onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}>
          Appearance: {SCHEME_WORDS[colorScheme]}
        </Menu.Item>
        {children}
        <Menu.Item component="a" href="/docs">
          API documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
