import { List, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
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

export function ChangeStateDialog({ opened, to, summary, onClose, onChanged }: ChangeStateDialogProps) {
  const { tenant, name, timeZone } = useTenant();
  const queryClient = useQueryClient();
  const [typedName, setTypedName] = useState('');
  // Numbers that not every role may see: the dialog does without them.
  const { data: kpis } = useQuery({ ...kpisQuery(tenant), enabled: opened, retry: false });
  const { data: runs } = useQuery({ ...runsQuery(tenant), enabled: opened, retry: false });
  const needsName = to === 'off';

  async function change(reason: string): Promise<void> {
    await answerOf(
      client.PUT('/v1/tenants/{tenant}/lifecycle', {
        params: { path: { tenant } },
        body: { state: to, reason },
      }),
    );
    // Shown only once the server says so.
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
    setTypedName('');
    onChanged();
  }

  return (
    <ReasonDialog
      opened={opened}
      title={`${VERBS[to]} ${name}?`}
      verb={VERBS[to]}
      isDangerous={needsName}
      isReady={!needsName || typedName.trim() === name}
      confirmation={
        needsName && (
          <TextInput
            label={`Type “${name}” to switch it off`}
            autoComplete="off"
            required
            withAsterisk={false}
            value={typedName}
            onChange={(event) => setTypedName(event.currentTarget.value)}
          />
        )
      }
      act={change}
      onClose={onClose}
    >
      <List spacing={6}>
        {consequencesOf({ to, summary, timeZone, kpis, runs }).map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </ReasonDialog>
  );
}
