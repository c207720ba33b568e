import { Button, Group, Modal, NumberInput, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, client } from '../../api/client.js';
import { count, whole } from '../../parts/numbers.js';
import { Loaded, ProblemNotice } from '../../parts/page-states.js';
import { FLEET_KEY, type FleetFilter } from '../queries.js';

export type BulkAction = 'freeze' | 'on' | 'run';

export const BULK_WORDS: Readonly<Record<BulkAction, { verb: string; one: string; consequence: string }>> = {
  freeze: {
    verb: 'Freeze',
    one: 'Freeze',
    consequence: 'No training and no promotion until somebody switches them on; lists go on being served.',
  },
  on: {
    verb: 'Switch on',
    one: 'Switch on',
    consequence: 'They train again every night, and serve what is promoted.',
  },
  run: {
    verb: 'Start a run of',
    one: 'Start a run',
    consequence: 'A run by hand of each; one that is under way is joined.',
  },
};

interface BulkDialogProps {
  readonly action: BulkAction;
  readonly filter: FleetFilter;
  /** The name of the one that it is about: nothing is to be counted. */
  readonly only?: string;
  readonly onClose: () => void;
}

/** What was counted stays as it was while its own answer is shown. */
const isNoPreview = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[1] !== 'bulk';

/** What was counted is what is done: the number is typed, and the server compares the tenants themselves. */
export function BulkDialog({ action, filter, only, onClose }: BulkDialogProps) {
  const queryClient = useQueryClient();
  const { verb, one, consequence } = BULK_WORDS[action];
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState<number | string>('');
  const preview = useQuery({
    queryKey: [...FLEET_KEY, 'bulk', action, filter],
    queryFn: () => answerOf(client.POST('/v1/fleet/bulk-actions/previews', { body: { action, filter } })),
    gcTime: 0,
    staleTime: Infinity,
  });
  const work = useMutation({
    mutationFn: (prepared: { token: string; count: number }) =>
      answerOf(
        client.POST('/v1/fleet/bulk-actions', {
          body: { token: prepared.token, count: prepared.count, reason: reason.trim() },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: FLEET_KEY, predicate: isNoPreview }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={only === undefined ? `${verb} the tenants that are shown?` : `${one}: ${only}?`}
      size="lg"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {work.data === undefined ? (
        <Loaded query={preview} lines={3} label="Counting">
          {(prepared) => {
            const isConfirmed = only !== undefined || typed === prepared.count;
            const isReady = reason.trim() !== '' && isConfirmed && prepared.count > 0;
            const submit = (event: FormEvent) => {
              event.preventDefault();
              if (isReady && !work.isPending) work.mutate(prepared);
            };
            return (
              <form onSubmit={submit}>
                <Stack gap="md">
                  <Text>
                    It would change <strong>{count(prepared.count, 'tenant')}</strong>
                    {prepared.count > 0 && `: ${prepared.sample.join(', ')}`}
                    {prepared.count > prepared.sample.length && ' and others'}. {consequence}
                  </Text>
                  {only === undefined && (
                    <NumberInput
                      label={`Type ${prepared.count} to confirm`}
                      hideControls
                      min={0}
                      allowDecimal={false}
                      value={typed}
                      onChange={setTyped}
                    />
                  )}
                  <Textarea
                    label="Reason"
                    description={`${only === undefined ? 'Each of these tenants' : 'The tenant'} can read it, with your name.`}
                    autosize
                    minRows={2}
                    maxLength={500}
                    value={reason}
                    onChange={(event) => setReason(event.currentTarget.value)}
                  />
                  {work.error !== null && <ProblemNotice error={work.error} />}
                  <Group justify="flex-end">
                    <Button variant="default" onClick={onClose}>
                      Cancel
                    </Button>
                    <Button type="submit" disabled={!isReady} loading={work.isPending}>
                      {only === undefined ? `${verb} ${whole(prepared.count)}` : one}
                    </Button>
                  </Group>
                </Stack>
              </form>
            );
          }}
        </Loaded>
      ) : (
        <Stack gap="md">
          <Text role="status">
            {count(work.data.changed, 'tenant')} changed, {whole(work.data.unchanged)} as they were,{' '}
            {whole(work.data.failed.length)} failed.
          </Text>
          {work.data.failed.map(({ tenant, message }) => (
            <Text key={tenant} size="sm">
              {tenant}: {message}
            </Text>
          ))}
          <Group justify="flex-end">
            <Button onClick={onClose}>Close</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
