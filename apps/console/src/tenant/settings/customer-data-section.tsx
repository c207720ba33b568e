import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ActionDialog } from '../../parts/action-dialog.js';
import { Section } from '../../parts/section.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';

/** For a customer who asks what is known, or wants to be forgotten. */
export function CustomerDataSection() {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const [customerId, setCustomerId] = useState('');
  const wanted = customerId.trim();
  const [isAsking, setAsking] = useState(false);
  const [receipt, setReceipt] = useState<string>();
  const erase = async () => {
    const path = { tenant, customerId: wanted };
    const { erasureId } = await answerOf(
      client.DELETE('/v1/tenants/{tenant}/customers/{customerId}', { params: { path } }),
    );
    setReceipt(erasureId);
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  const address = `/v1/tenants/${encodeURIComponent(tenant)}/customers/${encodeURIComponent(wanted)}/export`;
  return (
    <Section
      title="A customer's data"
      note="Everything that is known, or gone for good from every store and every answer"
    >
      <Stack gap="md">
        <Group align="flex-end">
          <TextInput
            label="Customer id"
            value={customerId}
            onChange={(event) => setCustomerId(event.currentTarget.value)}
          />
          <Anchor
            component="a"
            href={wanted === '' ? undefined : address}
            download={`customer-${wanted}.json`}
            aria-disabled={wanted === ''}
            py={7}
          >
            Export
          </Anchor>
          <Button color="red" variant="outline" disabled={wanted === ''} onClick={() => setAsking(true)}>
            Erase…
          </Button>
        </Group>
        {receipt !== undefined && (
          <Alert color="green" role="status" title="The customer is being forgotten">
            Out of every answer within seconds; receipt {receipt}.
          </Alert>
        )}
      </Stack>
      <ActionDialog
        opened={isAsking}
        title={`Erase ${wanted} for good?`}
        verb="Erase for good"
        isDangerous
        act={erase}
        onClose={() => setAsking(false)}
      >
        <Text>
          Everything that is known of this customer goes, from every store and every answer, and later rows
          about them are refused. This cannot be undone.
        </Text>
      </ActionDialog>
    </Section>
  );
}
