import { Alert, Button, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, client } from '../../api/client.js';
import type { Role } from '../../api/session.js';
import { ActionDialog } from '../../parts/action-dialog.js';
import { Copyable } from '../../parts/copyable.js';
import { Moment } from '../../parts/moment.js';
import { Loaded, ProblemNotice } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import { tenantKey, type Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';

const ROLES = [
  { value: 'analyst', label: 'Analyst: looks at everything' },
  { value: 'admin', label: 'Admin: changes everything' },
];

const membersQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'members'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/members', { params: { path: { tenant } } })),
  });

export function MembersSection() {
  const { tenant, mayChange } = useTenant();
  const members = useQuery(membersQuery(tenant));
  return (
    <Section title="People" note="Who may come in, and what they may do">
      <Stack gap="lg">
        <Loaded query={members} lines={3}>
          {(data) => <MembersTable list={data} />}
        </Loaded>
        {mayChange && <InviteForm />}
      </Stack>
    </Section>
  );
}

function MembersTable({ list }: { list: Schemas['MemberListDto'] }) {
  const { tenant, mayChange } = useTenant();
  const queryClient = useQueryClient();
  const again = () => queryClient.invalidateQueries({ queryKey: [...tenantKey(tenant), 'members'] });
  const changeRole = useMutation({
    mutationFn: ({ accountId, role }: { accountId: string; role: Role }) =>
      answerOf(
        client.PATCH('/v1/tenants/{tenant}/members/{accountId}', {
          params: { path: { tenant, accountId } },
          body: { role },
        }),
      ),
    onSettled: again,
  });
  const [leaving, setLeaving] = useState<{ accountId: string; name: string }>();
  const remove = async () => {
    const path = { tenant, accountId: leaving!.accountId };
    await answerOf(client.DELETE('/v1/tenants/{tenant}/members/{accountId}', { params: { path } }));
    await again();
  };
  const withdraw = useMutation({
    mutationFn: (invitationId: string) =>
      answerOf(
        client.DELETE('/v1/tenants/{tenant}/members/invitations/{invitationId}', {
          params: { path: { tenant, invitationId } },
        }),
      ),
    onSettled: again,
  });
  const error = changeRole.error ?? withdraw.error;
  return (
    <>
      {error !== null && <ProblemNotice error={error} />}
      <Scrollable label="People">
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Since</Table.Th>
              {mayChange && <Table.Th>Change</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.members.map(({ accountId, name, email, role, since }) => (
              <Table.Tr key={accountId}>
                <Table.Td>
                  {name}
                  <Text size="sm" c="dimmed">
                    {email}
                  </Text>
                </Table.Td>
                <Table.Td miw={140}>
                  {mayChange ? (
                    <NativeSelect
                      aria-label={`Role of ${name}`}
                      size="xs"
                      value={role}
                      data={['admin', 'analyst']}
                      onChange={(event) =>
                        changeRole.mutate({ accountId, role: event.currentTarget.value as Role })
                      }
                    />
                  ) : (
                    role
                  )}
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <Moment at={since} detail="day" />
                </Table.Td>
                {mayChange && (
                  <Table.Td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Remove ${name}`}
                      onClick={() => setLeaving({ accountId, name })}
                    >
                      Remove
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
            {list.invitations.map(({ invitationId, email, role, expiresAt }) => (
              <Table.Tr key={invitationId}>
                <Table.Td>
                  {email} <Tag>invited</Tag>
                </Table.Td>
                <Table.Td>{role}</Table.Td>
                <Table.Td>
                  until <Moment at={expiresAt} detail="day" />
                </Table.Td>
                {mayChange && (
                  <Table.Td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Withdraw the invitation of ${email}`}
                      onClick={() => withdraw.mutate(invitationId)}
                    >
                      Withdraw
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
      <ActionDialog
        opened={leaving !== undefined}
        title={`Remove ${leaving?.name} from this tenant?`}
        verb="Remove"
        isDangerous
        act={remove}
        onClose={() => setLeaving(undefined)}
      >
        <Text>They can look at nothing here any more. What they have changed stays in the audit trail.</Text>
      </ActionDialog>
    </>
  );
}

function InviteForm() {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  const invitation = useMutation({
    mutationFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/members/invitations', {
          params: { path: { tenant } },
          body: { email: email.trim(), role },
        }),
      ),
    async onSuccess() {
      setEmail('');
      await queryClient.invalidateQueries({ queryKey: [...tenantKey(tenant), 'members'] });
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    invitation.mutate();
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            label="Invite"
            type="email"
            placeholder="name@company.example"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <NativeSelect
            label="As"
            data={ROLES}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          />
          <Button type="submit" variant="default" loading={invitation.isPending}>
            Invite
          </Button>
        </Group>
        {invitation.error !== null && <ProblemNotice error={invitation.error} />}
        {invitation.data !== undefined && (
          <Alert color="yellow" role="status" title={`For ${invitation.data.email} alone, shown this once`}>
            <Copyable label="Link of the invitation" text={`${location.origin}${invitation.data.link}`} />
          </Alert>
        )}
      </Stack>
    </form>
  );
}
