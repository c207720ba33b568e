import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';

interface RunNowDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What it will do. */
  readonly children: ReactNode;
}

export function RunNowDialog({ opened, onClose, children }: RunNowDialogProps) {
  const { tenant } = useTenant();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const act = async (reason: string) => {
    const params = { path: { tenant } };
    const run = await answerOf(client.POST('/v1/tenants/{tenant}/runs', { params, body: { reason } }));
    await queryClient.invalidateQueries({ queryKey: [...tenantKey(tenant), 'runs'] });
    await navigate({ to: '/tenants/$tenant/models/runs/$runId', params: { tenant, runId: run.id } });
  };
  return (
    <ReasonDialog opened={opened} title="Start a run now?" verb="Start the run" act={act} onClose={onClose}>
      <Text>{children}</Text>
    </ReasonDialog>
  );
}
