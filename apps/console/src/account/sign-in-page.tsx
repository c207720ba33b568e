import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { isProblem } from '../api/problem.js';
import { providersQuery, sessionQuery, signIn } from '../api/session.js';
import { AccountFrame } from './account-frame.js';

const MINUTE_SECONDS = 60;

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn(email, password),
    async onSuccess(session) {
      // What somebody else saw here is nobody's business now.
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: next ?? '/' });
    },
    onError: () => setPassword(''),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!attempt.isPending) attempt.mutate();
  }

  return (
    <AccountFrame title="Sign in">
      {attempt.error !== null && (
        <Alert color="red" role="alert">
          {messageOf(attempt.error)}
        </Alert>
      )}
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={attempt.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
      <Providers />
      <Text size="sm" c="dimmed">
        No account, or the password is lost? An admin of your tenant invites you, or an operator resets it.
      </Text>
    </AccountFrame>
  );
}

/** Nothing at all where no provider is set up. */
function Providers() {
  const { data: providers = [] } = useQuery({ ...providersQuery, retry: false });
  if (providers.length === 0) return null;
  return (
    <>
      <Divider label="or" />
      {providers.map(({ name, startUrl }) => (
        <Button key={name} component="a" href={startUrl} variant="default" fullWidth>
          Continue with {name}
        </Button>
      ))}
    </>
  );
}

function messageOf(error: Error): string {
  if (isProblem(error, 423)) {
    const minutes = Math.ceil((error.retryAfterSeconds ?? MINUTE_SECONDS) / MINUTE_SECONDS);
    return `Too many wrong passwords: this account is locked. Try again in ${minutes} min.`;
  }
  if (isProblem(error, 401)) return 'Email and password do not belong together.';
  if (isProblem(error)) return error.message;
  return 'The server cannot be reached. Check the connection and try again.';
}
