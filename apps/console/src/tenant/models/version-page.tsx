import { Anchor, Button, Code, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Facts } from '../../parts/facts.js';
import { Moment } from '../../parts/moment.js';
import { decimals, duration } from '../../parts/numbers.js';
import { Loaded } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { modelQuery, verdictsQuery, type ModelVersion } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { algorithmName } from './algorithm-names.js';
import { BackLink } from './back-link.js';
import { METRICS, overall, segments } from './metrics.js';
import { StatusTag } from './registry-table.js';
import { PromoteDialog } from './promote-dialog.js';
import { ServeVersionDialog } from './serve-version-dialog.js';
import { VerdictSection } from './verdict-section.js';

export function VersionPage() {
  const { tenant, name } = useTenant();
  const { version } = useParams({ from: '/signed-in/tenants/$tenant/models/$version' });
  const model = useQuery(modelQuery(tenant, Number(version)));
  return (
    <Page title={`Model version ${version}`} tab={`Version ${version} · ${name}`} note={<BackLink />}>
      <Loaded query={model} lines={8}>
        {(data) => <VersionShown model={data} />}
      </Loaded>
    </Page>
  );
}

function VersionShown({ model }: { model: ModelVersion }) {
  const { tenant, mayChange } = useTenant();
  const verdicts = useQuery(verdictsQuery(tenant));
  const [isAsking, setAsking] = useState(false);
  const [isPromoting, setPromoting] = useState(false);
  const verdict = verdicts.data?.verdicts.find(
    ({ challengerVersion }) => challengerVersion === model.version,
  );
  return (
    <Stack gap="lg">
      <Section title={capitalised(algorithmName(model.algorithm))} actions={<StatusTag model={model} />}>
        <Stack gap="md">
          <Facts
            facts={[
              ['Data until', <Moment at={model.watermark} />],
              ['Made', <Moment at={model.createdAt} />],
              ['Promoted', model.promotedAt === null ? 'never' : <Moment at={model.promotedAt} />],
              ['Training took', duration(model.trainingSeconds * 1_000)],
              ['Seed', model.seed],
              ['Code', model.codeVersion],
            ]}
          />
          {model.ranking !== null && <Ranking runId={model.ranking.runId} by={model.ranking.requestedBy} />}
          {mayChange && model.ranking === null && (
            <Serve model={model} onAsk={() => setAsking(true)} onPromote={() => setPromoting(true)} />
          )}
        </Stack>
      </Section>
      {verdict !== undefined && <VerdictSection verdict={verdict} />}
      <Section title="Metrics" note="On the rows that were held out of its training, by kind of customer">
        <MetricsBySegment model={model} />
      </Section>
      <Section
        title="Parameters and provenance"
        note="The same data and seed make the same model, byte for byte"
      >
        <Stack gap="sm">
          <Code block>{JSON.stringify(model.params, null, 2)}</Code>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            Data {model.snapshotHash}; model {model.artifactSha256}
          </Text>
        </Stack>
      </Section>
      <ServeVersionDialog model={model} opened={isAsking} onClose={() => setAsking(false)} />
      <PromoteDialog model={model} opened={isPromoting} onClose={() => setPromoting(false)} />
    </Stack>
  );
}

function Ranking({ runId, by }: { runId: string; by: string }) {
  const { tenant } = useTenant();
  return (
    <Text role="status">
      It ranks everybody now, because {by} promoted it by hand, and serves when its lists are there.{' '}
      <Anchor component={Link} to={`/tenants/${encodeURIComponent(tenant)}/models/runs/${runId}`} inherit>
        Watch it
      </Anchor>
    </Text>
  );
}

interface ServeProps {
  readonly model: ModelVersion;
  readonly onAsk: () => void;
  readonly onPromote: () => void;
}

function Serve({ model, onAsk, onPromote }: ServeProps) {
  if (model.serving) return null;
  if (model.promotedAt === null)
    return (
      <Group>
        <Button variant="default" onClick={onPromote}>
          Promote by hand…
        </Button>
        <Text size="sm" c="dimmed">
          It was never promoted and has no lists: a run ranks with it first.
        </Text>
      </Group>
    );
  return (
    <Group>
      <Button onClick={onAsk}>Serve this version…</Button>
      <Text size="sm" c="dimmed">
        From the lists that it had: nothing is trained.
      </Text>
    </Group>
  );
}

function MetricsBySegment({ model }: { model: ModelVersion }) {
  const groups = [['All', overall(model)] as const, ...Object.entries(segments(model))];
  return (
    <Scrollable label="Metrics by kind of customer">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Metric</Table.Th>
            {groups.map(([name]) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td>Customers measured</Table.Td>
            {groups.map(([name, metrics]) => (
              <Table.Td key={name} ta="right">
                {metrics.queries ?? '–'}
              </Table.Td>
            ))}
          </Table.Tr>
          {METRICS.map(({ key, label, meaning }) => (
            <Table.Tr key={key}>
              <Table.Td miw={200}>
                {label}
                <Text size="xs" c="dimmed">
                  {meaning}
                </Text>
              </Table.Td>
              {groups.map(([name, metrics]) => (
                <Table.Td key={name} ta="right">
                  {decimals(metrics[key])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
