import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ProblemNotice } from '../../parts/page-states.js';
import { useTenant } from '../tenant-context.js';
import { keysKey, type Key } from './key-queries.js';

type Scope = Key['scopes'][number];

const SCOPES: readonly { scope: Scope; meaning: string }[] = [
  { scope: 'read', meaning: 'ask for recommendations, look at models and figures' },
  { scope: 'feedback', meaning: 'report what was shown, accepted and bought' },
  { scope: 'data', meaning: 'import data, start runs, export lists' },
  { scope: 'admin', meaning: 'change everything' },
];

interface CreateKeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (shown: { name: string; token: string }) => void;
}

export function CreateKeyDialog({ opened, onClose, onCreated }: CreateKeyDialogProps) {
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
      await queryClient.invalidateQueries({ queryKey: keysKey(tenant) });
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
