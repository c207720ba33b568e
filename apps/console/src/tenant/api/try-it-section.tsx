import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, client } from '../../api/client.js';
import { ProblemNotice } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { ListTable } from '../customers/list-table.js';
import { useTenant } from '../tenant-context.js';

/** By the code that answers on the endpoint; nothing is recorded, so that trying does not count as showing. */
export function TryItSection() {
  const { tenant } = useTenant();
  const [customerId, setCustomerId] = useState('');
  const attempt = useMutation({
    mutationFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/customers/{customerId}/explanation', {
          params: { path: { tenant, customerId: customerId.trim() } },
          body: { count: 10 },
        }),
      ),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (customerId.trim() !== '') attempt.mutate();
  }
  return (
    <Section title="Try it" note="What a request computes for a customer now; nothing is recorded">
      <Stack gap="md">
        <form onSubmit={submit}>
          <Group align="flex-end">
            <TextInput
              label="Customer id"
              required
              withAsterisk={false}
              value={customerId}
              onChange={(event) => setCustomerId(event.currentTarget.value)}
            />
            <Button type="submit" loading={attempt.isPending}>
              Ask
            </Button>
          </Group>
        </form>
        {attempt.error !== null && <ProblemNotice error={attempt.error} />}
        {attempt.data !== undefined && (
          <>
            <Text role="status">
              Status {attempt.data.status}
              {attempt.data.statusReason !== null && ` (${attempt.data.statusReason})`}, model version{' '}
              {attempt.data.modelVersion}, {attempt.data.items.length} products.
            </Text>
            {attempt.data.items.length > 0 && <ListTable items={attempt.data.items} other={undefined} />}
          </>
        )}
      </Stack>
    </Section>
  );
}
