import { Alert, Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ProblemNotice } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';

/** For a customer who asks what is known, or wants to be forgotten. */
export function CustomerDataSection() {
  const { tenant } = useTenant();
  const queryClient = useQueryClient();
  const [customerId, setCustomerId] = useState('');
  const wanted = customerId.trim();
  const erasure = useMutation({
    mutationFn: () =>
      answerOf(
        client.DELETE('/v1/tenants/{tenant}/customers/{customerId}', {
          params: { path: { tenant, customerId: wanted } },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
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
          <Button
            color="red"
            variant="outline"
            disabled={wanted === ''}
            loading={erasure.isPending}
            onClick={() =>
              confirm(
                `Erase ${wanted} for good? This cannot be undone, and later rows about them are refused.`,
              ) && erasure.mutate()
            }
          >
            Erase…
          </Button>
        </Group>
        {erasure.error !== null && <ProblemNotice error={erasure.error} />}
        {erasure.data !== undefined && (
          <Alert color="green" role="status" title="The customer is being forgotten">
            Out of every answer within seconds; receipt {erasure.data.erasureId}.
          </Alert>
        )}
      </Stack>
    </Section>
  );
}
