import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ActionDialog } from '../../parts/action-dialog.js';
import { Copyable } from '../../parts/copyable.js';
import { Moment } from '../../parts/moment.js';
import { Loaded, NoPermission, Nothing, ProblemNotice } from '../../parts/page-states.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import { useTenant } from '../tenant-context.js';
import { CreateKeyDialog } from './create-key-dialog.js';
import { keysKey, keysQuery, type Key } from './key-queries.js';

/** The old key of a rotated one goes on for so long. */
const OVERLAP_HOURS = 24;

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
  const again = () => queryClient.invalidateQueries({ queryKey: keysKey(tenant) });
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
  const [toRevoke, setToRevoke] = useState<Key>();
  const revoke = async () => {
    await answerOf(client.DELETE('/v1/tenants/{tenant}/keys/{keyId}', at(toRevoke!.keyId)));
    await again();
  };
  return (
    <>
      {rotate.error !== null && <ProblemNotice error={rotate.error} />}
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
            {keys.map((key) => {
              const { keyId, name, scopes, lastUsedAt, expiresAt, revokedAt } = key;
              return (
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
                          onClick={() => setToRevoke(key)}
                        >
                          Revoke
                        </Button>
                      </Group>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scrollable>
      <ActionDialog
        opened={toRevoke !== undefined}
        title={`Revoke “${toRevoke?.name}”?`}
        verb="Revoke"
        isDangerous
        act={revoke}
        onClose={() => setToRevoke(undefined)}
      >
        <Text>
          Whoever uses it is refused within seconds, for good. To give a program a new key without a gap,
          rotate it instead.
        </Text>
      </ActionDialog>
    </>
  );
}
