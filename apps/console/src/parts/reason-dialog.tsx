import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ProblemNotice } from './page-states.js';

interface ReasonDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** Whether what else is to be decided has been. */
  readonly isReady?: boolean;
  /** Below the reason. */
  readonly confirmation?: ReactNode;
  /** What will be different afterwards, and what else is to be decided. */
  readonly children: ReactNode;
  /** Resolves once the server has confirmed. */
  readonly act: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

const LONGEST_REASON = 500;

/** Nothing changes without a reason, and nothing is shown as changed before the server says so. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { opened, title, verb, isDangerous = false, children, confirmation, act, onClose } = props;
  const [reason, setReason] = useState('');
  const action = useMutation({
    mutationFn: () => act(reason.trim()),
    onSuccess() {
      setReason('');
      onClose();
    },
  });
  const isReady = reason.trim() !== '' && props.isReady !== false;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady && !action.isPending) action.mutate();
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size="lg"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {children}
          <Textarea
            label="Reason"
            description="Is recorded with your name, for everybody in this tenant."
            required
            withAsterisk={false}
            autosize
            minRows={2}
            maxLength={LONGEST_REASON}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {confirmation}
          {action.error !== null && <ProblemNotice error={action.error} />}
          {action.isPending && (
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
              color={isDangerous ? 'red' : undefined}
              disabled={!isReady}
              loading={action.isPending}
            >
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
