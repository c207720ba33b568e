import { Alert, Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isProblem } from '../api/problem.js';

export function MissingPage() {
  return (
    <Stack p="xl" maw={560} mx="auto" mt={80} component="main">
      <Title order={1}>There is nothing at this address</Title>
      <Text c="dimmed">
        It may have been there once, or belong to a tenant that your account has no access to.
      </Text>
      <Anchor component={Link} to="/">
        To the start
      </Anchor>
    </Stack>
  );
}

export function FailedPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Stack p="xl" maw={560} mx="auto" mt={80} component="main">
      <Title order={1}>This page could not be shown</Title>
      <ProblemNotice error={error} onRetry={() => void router.invalidate()} />
    </Stack>
  );
}

interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, in the API's own words, and the request id that support asks for. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  if (isProblem(error, 403)) return <NoPermission detail={error.message} />;
  const message = error instanceof Error ? error.message : 'Something went wrong.';
  const isOffline = error instanceof TypeError;
  return (
    <Alert color="red" role="alert" title={isOffline ? 'The server cannot be reached' : 'That did not work'}>
      <Text size="sm">
        {isOffline ? 'Nothing was changed. Check the connection and try again.' : message}
      </Text>
      {isProblem(error) && error.requestId !== undefined && (
        <Text size="xs" mt={4}>
          Request {error.requestId}
        </Text>
      )}
      {onRetry !== undefined && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}

export function NoPermission({ detail }: { detail?: string }) {
  return (
    <Alert color="gray" title="Not for your role">
      <Text size="sm">
        {detail ?? 'Your role in this tenant does not include this.'} An admin of the tenant can change your
        role under Settings.
      </Text>
    </Alert>
  );
}

export function Waiting({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <Stack gap="sm" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={18} width={`${92 - 17 * (index % 3)}%`} />
      ))}
    </Stack>
  );
}

export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack gap={4} pb="xs">
      <Text fw={550}>{title}</Text>
      {children !== undefined && (
        <Text size="sm" c="dimmed" component="div">
          {children}
        </Text>
      )}
    </Stack>
  );
}

interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface LoadedProps<T> {
  readonly query: Loadable<T>;
  readonly lines?: number;
  readonly label?: string;
  readonly children: (data: T) => ReactNode;
}

/** One of the three: still loading, failed, or there. What is there stays while it is asked for again. */
export function Loaded<T>({ query, lines, label, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Waiting lines={lines} label={label} />;
}
