import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageProps {
  readonly title: string;
  /** For the browser's tab, where the heading alone says too little. */
  readonly tab?: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, tab = title, note, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${tab} · Nightshift`;
  }, [tab]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={1}>{title}</Title>
          {note !== undefined && (
            <Text c="dimmed" component="div" mt={2}>
              {note}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
