import { Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ActionDialog } from './action-dialog.js';

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

/** For what is recorded with a reason. */
export function ReasonDialog({ isReady = true, confirmation, children, act, ...dialog }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const given = reason.trim();
  const actAndForget = async () => {
    await act(given);
    setReason('');
  };
  return (
    <ActionDialog {...dialog} isReady={isReady && given !== ''} act={actAndForget}>
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
    </ActionDialog>
  );
}
