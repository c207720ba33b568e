import { Alert, Button, Group, Modal, Stack, Tabs, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { count, money } from '../../parts/numbers.js';
import { Loaded } from '../../parts/page-states.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Section } from '../../parts/section.js';
import { useTenant } from '../tenant-context.js';
import { DocumentView } from './document-view.js';
import { ruleErrorsOf } from './rule-errors.js';
import { momentOf } from './rule-sentence.js';
import { isReadable, type Rules } from './rule-types.js';
import { RulesList } from './rules-list.js';
import { RulesPreview } from './rules-preview.js';
import { previewQuery, productIdsOf, productsQuery, rulesQuery, vocabularyQuery } from './rules-queries.js';
import { useRulesDraft } from './use-rules-draft.js';

const PAUSE_MS = 500;

export function RulesSection() {
  const { tenant } = useTenant();
  const rules = useQuery(rulesQuery(tenant));
  return (
    <Section title="Rules" note="In effect on every answer within 5 seconds of saving">
      <Loaded query={rules} lines={5}>
        {(data) => <Editor key={tenant} version={data.version} saved={data.rules as unknown as Rules} />}
      </Loaded>
    </Section>
  );
}

function Editor({ version, saved }: { version: number; saved: Rules }) {
  const { tenant, mayChange, timeZone, currency } = useTenant();
  const queryClient = useQueryClient();
  const draft = useRulesDraft(tenant, version, saved);
  const { rules, isChanged, isOutdated } = draft;
  const [isAsking, setAsking] = useState(false);
  const [customerIds, setCustomerIds] = useState<readonly string[]>([]);
  const vocabulary = useQuery(vocabularyQuery(tenant));
  const products = useQuery(productsQuery(tenant, productIdsOf(rules)));
  const names = new Map(
    products.data?.products.flatMap(({ productId, name }) => (name === null ? [] : [[productId, name]])),
  );
  const [previewed] = useDebouncedValue(rules, PAUSE_MS);
  const preview = useQuery({ ...previewQuery(tenant, previewed, customerIds), enabled: isChanged });
  // What was said about rules that have changed meanwhile is no longer about these.
  const errorsOf = ruleErrorsOf(isChanged && previewed === rules ? preview.error : null);
  const context = { timeZone, names, money: (amount: number) => money(amount, currency) };
  const save = async (reason: string) => {
    const body = { rules: rules as never, reason, expectedVersion: draft.base };
    await answerOf(client.PUT('/v1/tenants/{tenant}/rules', { params: { path: { tenant } }, body }));
    await queryClient.invalidateQueries({ queryKey: rulesQuery(tenant).queryKey, exact: true });
    draft.discard();
  };
  return (
    <Stack gap="md">
      {isOutdated && <Outdated onDiscard={draft.discard} onTakeOver={draft.takeOver} />}
      <Tabs defaultValue="list" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="list">Rules</Tabs.Tab>
          <Tabs.Tab value="document">As a document</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="list">
          <RulesList
            rules={rules}
            mayChange={mayChange}
            context={context}
            vocabulary={vocabulary.data}
            errorsOf={errorsOf}
            onChange={draft.change}
          />
        </Tabs.Panel>
        <Tabs.Panel value="document">
          <DocumentView rules={rules} mayChange={mayChange} errorsOf={errorsOf} onChange={draft.change} />
        </Tabs.Panel>
      </Tabs>
      {mayChange && (
        <>
          <Group>
            <Button disabled={!isChanged || isOutdated} onClick={() => setAsking(true)}>
              Save…
            </Button>
            {isChanged && (
              <Button variant="subtle" onClick={draft.discard}>
                Discard the changes
              </Button>
            )}
            {isChanged && (
              <Text size="sm" c="dimmed">
                Not saved yet; kept in this tab.
              </Text>
            )}
          </Group>
          <RulesPreview
            preview={preview}
            isChanged={isChanged}
            idle={rules.filter((rule) => isReadable(rule) && momentOf(rule, Date.now()) !== 'now').length}
            customerIds={customerIds}
            onCustomers={setCustomerIds}
          />
        </>
      )}
      <ReasonDialog
        opened={isAsking}
        title="Save the rules?"
        verb="Save"
        act={save}
        onClose={() => setAsking(false)}
      >
        <Text>
          {count(rules.length, 'rule')} {rules.length === 1 ? 'replaces' : 'replace'} the present{' '}
          {saved.length}, on every answer within 5 seconds.{' '}
          {preview.data !== undefined &&
            `Of ${count(preview.data.looked, 'customer')} looked at, ${preview.data.changed} get another list.`}
        </Text>
      </ReasonDialog>
      <LeaveDialog isChanged={isChanged} />
    </Stack>
  );
}

function Outdated({ onDiscard, onTakeOver }: { onDiscard: () => void; onTakeOver: () => void }) {
  return (
    <Alert color="yellow" title="Somebody has saved other rules since you began">
      <Text size="sm">Yours are still here. Look at theirs first, or go on and replace them with yours.</Text>
      <Group mt="sm" gap="xs">
        <Button size="xs" variant="default" onClick={onDiscard}>
          Drop mine and show theirs
        </Button>
        <Button size="xs" variant="default" onClick={onTakeOver}>
          Go on with mine
        </Button>
      </Group>
    </Alert>
  );
}

/** The draft stays in this tab; whoever leaves should know that nothing is in force. */
function LeaveDialog({ isChanged }: { isChanged: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: isChanged,
    withResolver: true,
  });
  return (
    <Modal
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title="The rules are not saved"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text>
          Nothing of what you have changed is in force. It stays in this tab until you save or discard it, and
          is lost when the tab is closed.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => proceed?.()}>
            Leave
          </Button>
          <Button data-autofocus onClick={() => reset?.()}>
            Stay
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
