import { Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { ROLLOUTS_KEY, templatesQuery, type TemplateVersion } from '../queries.js';

export function StartDialog({ version, onClose }: { version: TemplateVersion; onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [shares, setShares] = useState('1, 10, 100');
  return (
    <ReasonDialog
      opened
      title={`Roll out template ${version.version}?`}
      verb="Start"
      onClose={onClose}
      act={async (reason) => {
        const body = {
          templateVersion: version.version,
          reason,
          shares: shares.split(/[,;\s]+/).map((share) => Number(share) / 100),
        };
        const { rolloutId } = await answerOf(client.POST('/v1/rollouts', { body }));
        await queryClient.invalidateQueries({ queryKey: ROLLOUTS_KEY });
        await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
        await navigate({ to: '/operator/templates/rollouts/$rolloutId', params: { rolloutId } });
      }}
    >
      <Text>
        The first tenants have it from their next night on. When runs fail, tenants freeze or accuracy falls
        more than chance explains, all of them have their former version again, by itself.
      </Text>
      <TextInput
        label="Steps, in per cent of the tenants"
        value={shares}
        onChange={(event) => setShares(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}
