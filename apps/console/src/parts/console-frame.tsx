import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import classes from './console-frame.module.css';

interface ConsoleFrameProps {
  /** Where one is: stands in the header after the menu's button. */
  readonly place: ReactNode;
  readonly account: ReactNode;
  /** Links with {@link frameLink} as their class. */
  readonly pages: ReactNode;
  /** For tables of the whole fleet. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export const frameLink = classes.link;

/** Header, pages, content; on small screens the pages are behind a button. */
export function ConsoleFrame({ place, account, pages, isWide = false, children }: ConsoleFrameProps) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    close();
    // Another page begins at its beginning, for whoever uses the keyboard too.
    main.current?.focus({ preventScroll: true });
  }, [pathname, close]);
  return (
    <>
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
              {place}
            </Group>
            {account}
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} p="sm" aria-label="Pages">
          {pages}
        </AppShell.Navbar>
        <AppShell.Main ref={main} id="content" tabIndex={-1} className={classes.main}>
          <div className={classes.column} data-wide={isWide || undefined}>
            {children}
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  );
}
