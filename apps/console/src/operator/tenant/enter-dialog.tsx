import { NativeSelect, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { sessionQuery } from '../../api/session.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';

const MINUTES = ['15', '30', '60', '120', '240'];

interface EnterDialogProps {
  readonly tenant: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Into a tenant with a reason and for a while; the tenant sees it. */
export function EnterDialog({ tenant, name, onClose }: EnterDialogProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [minutes, setMinutes] = useState('30');
  return (
    <ReasonDialog
      opened
      title={`Enter ${name}?`}
      verb="Enter"
      onClose={onClose}
      act={async (reason) => {
        await answerOf(client.POST('/v1/visits', { body: { tenant, reason, minutes: Number(minutes) } }));
        await queryClient.refetchQueries({ queryKey: sessionQuery.queryKey });
        await navigate({ to: '/tenants/$tenant', params: { tenant } });
      }}
    >
      <Text>
        You see and may change what its admins may. They see that you are there, why and until when, under
        Settings and in the audit trail.
      </Text>
      <NativeSelect
        label="For how long"
        data={MINUTES.map((value) => ({ value, label: `${value} minutes` }))}
        value={minutes}
        onChange={(event) => setMinutes(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
