import { Alert, Progress, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Day, dayText, Moment } from '../../parts/moment.js';
import { duration, percent } from '../../parts/numbers.js';
import { Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { Tag, type Tone } from '../../parts/tag.js';
import { QualityReport } from '../data/quality-report.js';
import { isUnfinished, runQuery, verdictsQuery, type Run, type Schemas } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { BackLink } from './back-link.js';
import { LogSection } from './log-section.js';
import { RunStatusTag } from './run-status-tag.js';
import { VerdictSection } from './verdict-section.js';

type Stage = Schemas['RunStageDto'];

const STAGE_WORDS: Readonly<Record<Stage['stage'], string>> = {
  snapshot: 'Takes a snapshot of the data',
  validate: 'Checks the data',
  prepare: 'Prepares what teaches',
  train: 'Trains the challengers',
  evaluate: 'Measures them on held-out rows',
  decide: 'Decides: the verdict',
  rank: 'Ranks the list of every customer',
  publish: 'Publishes model and lists together',
};

export function RunPage() {
  const { tenant, name } = useTenant();
  const { runId } = useParams({ from: '/signed-in/tenants/$tenant/models/runs/$runId' });
  const run = useQuery(runQuery(tenant, runId));
  return (
    <Page title={titleOf(run.data)} tab={`Run · ${name}`} note={<BackLink />}>
      <Loaded query={run} lines={8}>
        {(data) => <RunShown run={data} />}
      </Loaded>
    </Page>
  );
}

const titleOf = (run: Run | undefined): string =>
  run === undefined ? 'Run' : `Run of ${dayText(run.night)}`;

function RunShown({ run }: { run: Run }) {
  const { tenant } = useTenant();
  const verdicts = useQuery(verdictsQuery(tenant));
  const verdict = verdicts.data?.verdicts.find(({ runId }) => runId === run.id);
  return (
    <Stack gap="lg">
      <Section title="What came of it" actions={<RunStatusTag run={run} />}>
        <Stack gap="md">
          <Text role="status">{sentenceOf(run)}</Text>
          {run.error !== null && (
            <Alert color="red" title="It failed">
              {run.error.message}
            </Alert>
          )}
          <Facts
            facts={[
              ['Night', <Day day={run.night} />],
              ['Started by', run.requestedBy],
              ['Reason', run.reason ?? '–'],
              [
                'Began',
                run.startedAt === null ? 'waits for a worker' : <Moment at={run.startedAt} detail="second" />,
              ],
              ['Took', run.startedAt === null ? '–' : tookOf(run.startedAt, run.finishedAt)],
              ['Attempt', run.attempt],
              ['Seed', run.seed],
              ['Template version', run.templateVersion],
            ]}
          />
        </Stack>
      </Section>
      <Section title="Stages" note={isUnfinished(run) ? 'Live' : undefined}>
        <Stages stages={run.stages} />
      </Section>
      <LogSection run={run} />
      {verdict !== undefined && <VerdictSection verdict={verdict} />}
      {run.dataQuality !== null && (
        <Section title="What its data was like">
          <QualityReport quality={run.dataQuality} />
        </Section>
      )}
    </Stack>
  );
}

function sentenceOf(run: Run): string {
  if (run.sentence !== null) return run.sentence;
  if (run.status === 'failed') return 'It failed; what was served before is still served.';
  const stage = run.stages.find(({ status }) => status === 'running');
  if (stage !== undefined) return `${STAGE_WORDS[stage.stage]}…`;
  return run.status === 'running' ? 'At work…' : 'Waits for a worker.';
}

const TONES: Readonly<Record<Stage['status'], Tone>> = {
  pending: 'plain',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
};

function Stages({ stages }: { stages: readonly Stage[] }) {
  return (
    <Scrollable label="Stages of the run">
      <Table verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Stage</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Progress</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {stages.map(({ stage, status, progress, startedAt, finishedAt, error }) => (
            <Table.Tr key={stage}>
              <Table.Td miw={210}>
                <Text fw={550}>{stage}</Text>
                <Text size="sm" c="dimmed">
                  {error ?? STAGE_WORDS[stage]}
                </Text>
              </Table.Td>
              <Table.Td>
                <Tag tone={TONES[status]}>{status}</Tag>
              </Table.Td>
              <Table.Td miw={120}>
                <Progress
                  value={100 * (status === 'succeeded' ? 1 : progress)}
                  aria-label={`${stage}: ${percent(progress)}`}
                  mt={8}
                />
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {startedAt === null ? '–' : tookOf(startedAt, finishedAt)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}

const tookOf = (startedAt: string, finishedAt: string | null): string =>
  duration((finishedAt === null ? Date.now() : Date.parse(finishedAt)) - Date.parse(startedAt));
