import { Button, Group, JsonInput, Stack, Text } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { Loaded, ProblemNotice } from '../../parts/page-states.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Section } from '../../parts/section.js';
import { tenantKey } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { PreviewResult } from './preview-result.js';

type Rules = readonly Readonly<Record<string, unknown>>[];

const rulesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'rules'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/rules', { params: { path: { tenant } } })),
  });

const EXAMPLES: readonly { readonly label: string; readonly rule: object }[] = [
  { label: 'Never offer a category', rule: { kind: 'exclude', products: { categories: ['Tobacco'] } } },
  { label: 'Raise a category', rule: { kind: 'boost', products: { categories: ['Tea'] }, factor: 1.3 } },
];

export function RulesSection() {
  const { tenant } = useTenant();
  const rules = useQuery(rulesQuery(tenant));
  return (
    <Section title="Rules" note="In effect on every answer within 5 seconds">
      <Loaded query={rules} lines={5}>
        {(data) => (
          <Editor key={data.version} version={data.version} saved={data.rules as unknown as Rules} />
        )}
      </Loaded>
    </Section>
  );
}

function Editor({ version, saved }: { version: number; saved: Rules }) {
  const { tenant, mayChange } = useTenant();
  const queryClient = useQueryClient();
  const [text, setText] = useState(() => JSON.stringify(saved, null, 2));
  const [isAsking, setAsking] = useState(false);
  const rules = parsed(text);
  const isChanged = JSON.stringify(rules) !== JSON.stringify(saved);
  const path = { tenant };
  const look = useMutation({
    mutationFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/rules/preview', {
          params: { path },
          body: { rules: rules as never, sample: 20, count: 10 },
        }),
      ),
  });
  const save = async (reason: string) => {
    const body = { rules: rules as never, reason, expectedVersion: version };
    await answerOf(client.PUT('/v1/tenants/{tenant}/rules', { params: { path }, body }));
    await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  const add = (rule: object) =>
    setText(
      JSON.stringify([...(rules ?? []), { ruleId: `rule-${(rules ?? []).length + 1}`, ...rule }], null, 2),
    );
  return (
    <Stack gap="md">
      {mayChange && (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            Begin with:
          </Text>
          {EXAMPLES.map(({ label, rule }) => (
            <Button
              key={label}
              size="compact-sm"
              variant="default"
              disabled={rules === undefined}
              onClick={() => add(rule)}
            >
              {label}
            </Button>
          ))}
        </Group>
      )}
      <JsonInput
        label="All rules, in the order in which they act"
        autosize
        minRows={5}
        maxRows={24}
        readOnly={!mayChange}
        value={text}
        onChange={setText}
        error={rules === undefined ? 'This is no list in JSON.' : undefined}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
      />
      <Group>
        <Button
          variant="default"
          disabled={rules === undefined}
          loading={look.isPending}
          onClick={() => look.mutate()}
        >
          Preview
        </Button>
        {mayChange && (
          <Button disabled={rules === undefined || !isChanged} onClick={() => setAsking(true)}>
            Save…
          </Button>
        )}
      </Group>
      {look.error !== null && <ProblemNotice error={look.error} />}
      {look.data !== undefined && <PreviewResult preview={look.data} />}
      <ReasonDialog
        opened={isAsking}
        title="Save the rules?"
        verb="Save"
        act={save}
        onClose={() => setAsking(false)}
      >
        <Text>
          All {rules?.length ?? 0} rules replace the present {saved.length}, on every answer within 5 seconds.
        </Text>
      </ReasonDialog>
    </Stack>
  );
}

function parsed(text: string): Rules | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Rules) : undefined;
  } catch {
    return undefined;
  }
}
