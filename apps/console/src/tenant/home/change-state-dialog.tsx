import { Alert, Button, Group, List, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ProblemNotice } from '../../parts/page-states.js';
import { kpisQuery } from './kpi-queries.js';
import { runsQuery, tenantKey, type LifecycleState, type TenantSummary } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { consequencesOf } from './consequences.js';
import { VERBS } from './state-verbs.js';

interface ChangeStateDialogProps {
  readonly opened: boolean;
  readonly to: LifecycleState;
  readonly summary: TenantSummary;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

const LONGEST_REASON = 500;

export function ChangeStateDialog({ opened, to, summary, onClose, onChanged }: ChangeStateDialogProps) {
  const { tenant, name, timeZone } = useTenant();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const [typedName, setTypedName] = useState('');
  // Numbers that not every role may see: the dialog does without them.
  const { data: kpis } = useQuery({ ...kpisQuery(tenant), enabled: opened, retry: false });
  const { data: runs } = useQuery({ ...runsQuery(tenant), enabled: opened, retry: false });
  const change = useMutation({
    mutationFn: () =>
      answerOf(
        client.PUT('/v1/tenants/{tenant}/lifecycle', {
          params: { path: { tenant } },
          body: { state: to, reason: reason.trim() },
        }),
      ),
    async onSuccess() {
      // Shown only once the server says so.
      await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
      setReason('');
      setTypedName('');
      onChanged();
    },
  });
  const needsName = to === 'off';
  const isReady = reason.trim() !== '' && (!needsName || typedName.trim() === name);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady && !change.isPending) change.mutate();
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`${VERBS[to]} ${name}?`}
      size="lg"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <List spacing={6}>
            {consequencesOf({ to, summary, timeZone, kpis, runs }).map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
          <Textarea
            label="Reason"
            description="Stands in the timeline with your name, for everybody in this tenant."
            required
            withAsterisk={false}
            autosize
            minRows={2}
            maxLength={LONGEST_REASON}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {needsName && (
            <TextInput
              label={`Type “${name}” to switch it off`}
              autoComplete="off"
              required
              withAsterisk={false}
              value={typedName}
              onChange={(event) => setTypedName(event.currentTarget.value)}
            />
          )}
          {change.error !== null && <ProblemNotice error={change.error} />}
          {change.isPending && (
            <Alert color="gray" role="status">
              Waiting for the server to confirm…
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color={needsName ? 'red' : undefined}
              disabled={!isReady}
              loading={change.isPending}
            >
              {VERBS[to]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
