import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { isProblem } from '../api/problem.js';
import { acceptInvitation, invitationQuery, sessionQuery } from '../api/session.js';
import { ProblemNotice, Waiting } from '../parts/page-states.js';
import { AccountFrame } from './account-frame.js';

export function InvitationPage() {
  const { token } = useParams({ from: '/invitations/$token' });
  const { data: invitation, error } = useQuery(invitationQuery(token));
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const acceptance = useMutation({
    mutationFn: () => acceptInvitation(token, name, password),
    async onSuccess(session) {
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/' });
    },
  });
  const problem = isProblem(acceptance.error) ? acceptance.error : undefined;
  const [nameProblem, passwordProblem] = ['name', 'password'].map((field) => problem?.fieldMessage(field));

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!acceptance.isPending) acceptance.mutate();
  }

  if (isProblem(error, 404))
    return (
      <AccountFrame title="This invitation is not valid">
        <Text>It was used already, withdrawn, or is too old. Ask whoever invited you for a new one.</Text>
        <Anchor component={Link} to="/sign-in">
          To the sign-in
        </Anchor>
      </AccountFrame>
    );
  return (
    <AccountFrame title={invitation === undefined ? 'Invitation' : `Join ${invitation.tenantName}`}>
      {error !== null && <ProblemNotice error={error} />}
      {invitation === undefined && error === null && <Waiting />}
      {invitation !== undefined && (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text>
              As{' '}
              {invitation.role === 'admin'
                ? 'an admin, who may change everything'
                : 'an analyst, who may read'}
              , with the address {invitation.email}.
            </Text>
            {acceptance.error !== null && nameProblem === undefined && passwordProblem === undefined && (
              <Alert color="red" role="alert">
                {acceptance.error.message}
              </Alert>
            )}
            <TextInput
              label="Your name"
              description="Stands beside what you change."
              autoComplete="name"
              required
              withAsterisk={false}
              maxLength={100}
              error={nameProblem}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              description="At least 12 characters."
              autoComplete="new-password"
              required
              withAsterisk={false}
              minLength={12}
              error={passwordProblem}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={acceptance.isPending}>
              Join
            </Button>
          </Stack>
        </form>
      )}
    </AccountFrame>
  );
}
