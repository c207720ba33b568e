import { Alert, Button, Checkbox, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, client } from '../../api/client.js';
import { Copyable } from '../../parts/copyable.js';
import { Moment } from '../../parts/moment.js';
import { Loaded, NoPermission, Nothing, ProblemNotice } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import { tenantKey, type Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';

type Key = Schemas['ListedKeyDto'];
/** The old key of a rotated one goes on for so long. */
const OVERLAP_HOURS = 24;
type Scope = Key['scopes'][number];

const SCOPES: readonly { scope: Scope; meaning: string }[] = [
  { scope: 'read', meaning: 'ask for recommendations, look at models and figures' },
  { scope: 'feedback', meaning: 'report what was shown, accepted and bought' },
  { scope: 'data', meaning: 'import data, start runs, export lists' },
  { scope: 'admin', meaning: 'change everything' },
];

const keysQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'keys'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/keys', { params: { path: { tenant } } })),
  });

export function KeysSection() {
  const { tenant, mayChange } = useTenant();
  const keys = useQuery({ ...keysQuery(tenant), enabled: mayChange });
  const [isCreating, setCreating] = useState(false);
  const [shown, setShown] = useState<{ name: string; token: string }>();
  return (
    <Section
      title="Keys"
      note="One for each program, with what it needs and no more"
      actions={
        mayChange && (
          <Button size="xs" variant="default" onClick={() => setCreating(true)}>
            New key…
          </Button>
        )
      }
    >
      {!mayChange ? (
        <NoPermission />
      ) : (
        <Stack gap="md">
          {shown !== undefined && (
            <Alert color="yellow" title={`The key “${shown.name}”: shown this once`} role="status">
              <Copyable label="Keep it where your program's secrets are" text={shown.token} />
            </Alert>
          )}
          <Loaded query={keys} lines={3}>
            {(data) =>
              data.keys.length === 0 ? (
                <Nothing title="No key yet">Your programs need one to ask.</Nothing>
              ) : (
                <KeysTable keys={data.keys} onToken={setShown} />
              )
            }
          </Loaded>
        </Stack>
      )}
      <CreateKeyDialog opened={isCreating} onClose={() => setCreating(false)} onCreated={setShown} />
    </Section>
  );
}

interface KeysTableProps {
  readonly keys: readonly Key[];
  readonly onToken: (shown: { name: string; token: string }) => void;
}

function KeysTable({ keys, onToken }: KeysTableProps) {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const again = () => queryClient.invalidateQueries({ queryKey: [...tenantKey(tenant), 'keys'] });
  const at = (keyId: string) => ({ params: { path: { tenant, keyId } } });
  const rotate = useMutation({
    mutationFn: (keyId: string) =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/keys/{keyId}/rotate', {
          ...at(keyId),
          body: { overlapHours: OVERLAP_HOURS },
        }),
      ),
    onSuccess: (created) => (onToken(created), again()),
  });
  const revoke = useMutation({
    mutationFn: (keyId: string) => answerOf(client.DELETE('/v1/tenants/{tenant}/keys/{keyId}', at(keyId))),
    onSuccess: again,
  });
  const error = rotate.error ?? revoke.error;
  return (
    <>
      {error !== null && <ProblemNotice error={error} />}
      <Scrollable label="Keys">
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>May</Table.Th>
              <Table.Th>Last used</Table.Th>
              <Table.Th>Ends</Table.Th>
              <Table.Th>Change</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map(({ keyId, name, scopes, lastUsedAt, expiresAt, revokedAt }) => (
              <Table.Tr key={keyId}>
                <Table.Td>
                  {name}
                  <Text size="xs" c="dimmed">
                    {keyId}
                  </Text>
                </Table.Td>
                <Table.Td>{scopes.join(', ')}</Table.Td>
                <Table.Td>{lastUsedAt === null ? 'never' : <Moment at={lastUsedAt} />}</Table.Td>
                <Table.Td>
                  {revokedAt !== null ? (
                    <Tag tone="bad">revoked</Tag>
                  ) : expiresAt === null ? (
                    'never'
                  ) : (
                    <Moment at={expiresAt} />
                  )}
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  {revokedAt === null && (
                    <Group gap="xs" wrap="nowrap">
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Rotate ${name}`}
                        onClick={() => rotate.mutate(keyId)}
                      >
                        Rotate
                      </Button>
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Revoke ${name}`}
                        onClick={() =>
                          confirm(`Revoke “${name}”? Whoever uses it is refused within seconds.`) &&
                          revoke.mutate(keyId)
                        }
                      >
                        Revoke
                      </Button>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrollable>
    </>
  );
}

interface CreateKeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (shown: { name: string; token: string }) => void;
}

function CreateKeyDialog({ opened, onClose, onCreated }: CreateKeyDialogProps) {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['read', 'feedback']);
  const creation = useMutation({
    mutationFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/keys', {
          params: { path: { tenant } },
          body: { name: name.trim(), scopes: scopes as Scope[] },
        }),
      ),
    async onSuccess(created) {
      onCreated(created);
      setName('');
      onClose();
      await queryClient.invalidateQueries({ queryKey: [...tenantKey(tenant), 'keys'] });
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    creation.mutate();
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New key"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="The program that will use it."
            required
            withAsterisk={false}
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group label="May" value={scopes} onChange={setScopes}>
            <Stack gap="xs" mt="xs">
              {SCOPES.map(({ scope, meaning }) => (
                <Checkbox key={scope} value={scope} label={`${scope}: ${meaning}`} />
              ))}
            </Stack>
          </Checkbox.Group>
          {creation.error !== null && <ProblemNotice error={creation.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              disabled={name.trim() === '' || scopes.length === 0}
              loading={creation.isPending}
            >
              Create the key
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
