import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, type FormEvent, type ReactNode } from 'react';
import { ProblemNotice } from './page-states.js';

interface ActionDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** Whether what is to be decided has been. */
  readonly isReady?: boolean;
  /** What will be different afterwards, and what else is to be decided. */
  readonly children: ReactNode;
  /** Resolves once the server has confirmed. */
  readonly act: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something changes, and shows nothing as changed before the server says so. */
export function ActionDialog(props: ActionDialogProps) {
  const { opened, title, verb, isDangerous = false, isReady = true, children, act, onClose } = props;
  // What it said stays while it fades, though whoever asked has forgotten what about.
  const said = useRef({ title, children });
  if (opened) said.current = { title, children };
  const action = useMutation({ mutationFn: act, onSuccess: onClose });
  function close(): void {
    action.reset();
    onClose();
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady && !action.isPending) action.mutate();
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={said.current.title}
      size="lg"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {said.current.children}
          {action.error !== null && <ProblemNotice error={action.error} />}
          {action.isPending && (
            <Alert color="gray" role="status">
              Waiting for the server to confirm…
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
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
