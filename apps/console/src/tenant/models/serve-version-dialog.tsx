import { Checkbox, List } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { momentText } from '../../parts/moment.js';
import { count } from '../../parts/numbers.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { summaryQuery, tenantKey, type ModelVersion } from '../queries.js';
import { useTenant } from '../tenant-context.js';

interface ServeVersionDialogProps {
  readonly model: ModelVersion;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Rolls back, or forward again; and pins it, which is to freeze. */
export function ServeVersionDialog({ model, opened, onClose }: ServeVersionDialogProps) {
  const { tenant, timeZone } = useTenant();
  const queryClient = useQueryClient();
  const { data: summary } = useQuery(summaryQuery(tenant));
  const [isPinned, setPinned] = useState(true);
  const isOn = summary?.state === 'on';
  const served = summary?.served;

  const act = async (reason: string) => {
    const path = { tenant, version: model.version };
    const request = { params: { path }, body: { reason } };
    await answerOf(client.POST('/v1/tenants/{tenant}/models/{version}/rollback', request));
    if (isOn && isPinned) {
      const body = { state: 'frozen' as const, reason };
      await answerOf(client.PUT('/v1/tenants/{tenant}/lifecycle', { params: { path: { tenant } }, body }));
    }
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
  };

  return (
    <ReasonDialog
      opened={opened}
      title={`Serve version ${model.version}?`}
      verb="Serve it"
      act={act}
      onClose={onClose}
    >
      <List spacing={6}>
        <List.Item>
          Within 5 seconds your endpoint answers from version {model.version}, trained on data until{' '}
          {momentText(model.watermark, timeZone, 'day')}
          {served !== null && served !== undefined && (
            <>
              , instead of version {served.modelVersion}, which serves{' '}
              {count(served.customerLists, 'customer')} now
            </>
          )}
          .
        </List.Item>
        <List.Item>
          Lists are those that it had. Customers who came later are ranked by it when they are asked for.
        </List.Item>
        <List.Item>You can come back to the other version in the same way.</List.Item>
      </List>
      {isOn && (
        <Checkbox
          label="Pin it: freeze, so that no night replaces it"
          description="Without this, the next night may promote a newer version."
          checked={isPinned}
          onChange={(event) => setPinned(event.currentTarget.checked)}
        />
      )}
    </ReasonDialog>
  );
}
