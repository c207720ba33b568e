import { Box, Paper, Stack, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { Wordmark } from '../parts/wordmark.js';

/** What somebody sees who has not signed in yet: one thing in the middle. */
export function AccountFrame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Nightshift`;
  }, [title]);
  return (
    <Box component="main" px="md" py={{ base: 40, sm: 96 }}>
      <Stack maw={400} mx="auto" gap="lg">
        <Wordmark />
        <Paper withBorder p={{ base: 'lg', sm: 'xl' }} radius="lg" bg="var(--ns-surface)">
          <Stack gap="md">
            <Title order={1}>{title}</Title>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Box>
  );
}
