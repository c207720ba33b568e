import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, client } from '../../api/client.js';
import { isProblem } from '../../api/problem.js';
import { Facts } from '../../parts/facts.js';
import { count, percent } from '../../parts/numbers.js';
import { Loaded, MissingPage } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { ReasonDialog } from '../../parts/reason-dialog.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import { OperatorMoment } from '../operator-moment.js';
import { rolloutQuery, ROLLOUTS_KEY, templatesQuery, type RolloutWithEvents } from '../queries.js';
import { CohortTable } from './cohort-table.js';
import { ACTION_WORDS, ROLLOUT_TONES, ROLLOUT_WORDS } from './rollout-words.js';

export function RolloutPage() {
  const { rolloutId } = useParams({ from: '/signed-in/operator/templates/rollouts/$rolloutId' });
  const query = useQuery(rolloutQuery(rolloutId));
  if (isProblem(query.error, 404)) return <MissingPage />;
  return (
    <Loaded query={query} lines={8}>
      {(rollout) => <Shown rollout={rollout} />}
    </Loaded>
  );
}

type Act = 'widen' | 'stop' | 'complete';

function Shown({ rollout }: { rollout: RolloutWithEvents }) {
  const [act, setAct] = useState<Act>();
  const share = rollout.steps.at(-1)?.share ?? 0;
  const next = rollout.shares.at(rollout.steps.length);
  const stopped = rollout.events.find(({ action }) => action === 'stoppedByItself');
  return (
    <Page
      title={`Template ${rollout.formerVersion} to ${rollout.templateVersion}`}
      note={
        <Anchor component={Link} to="/operator/templates" size="sm">
          All templates
        </Anchor>
      }
      actions={
        rollout.state === 'running' && (
          <Group gap="xs">
            {next !== undefined && (
              <Button size="xs" onClick={() => setAct('widen')}>
                Widen to {percent(next)}…
              </Button>
            )}
            {share === 1 && (
              <Button size="xs" onClick={() => setAct('complete')}>
                Complete…
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setAct('stop')}>
              Stop…
            </Button>
          </Group>
        )
      }
    >
      {stopped !== undefined && (
        <Alert
          color="red"
          title="Stopped by itself: all tenants have their former template again"
          role="status"
        >
          {stopped.reason}
        </Alert>
      )}
      <Section title="How it stands">
        <Facts
          facts={[
            ['State', <Tag tone={ROLLOUT_TONES[rollout.state]}>{ROLLOUT_WORDS[rollout.state]}</Tag>],
            ['Share of the tenants', percent(share)],
            ['Looked at', count(rollout.looks, 'time')],
            [
              'Compared',
              rollout.comparedAt === null ? 'not yet' : <OperatorMoment at={rollout.comparedAt} />,
            ],
          ]}
        />
      </Section>
      <Section
        title="The cohorts"
        note="Since the start; the new version against the former one in the same time."
      >
        {rollout.comparison === null ? (
          <Text c="dimmed">Nothing has been compared yet: a worker looks once a minute.</Text>
        ) : (
          <CohortTable comparison={rollout.comparison} thresholds={rollout.thresholds} />
        )}
      </Section>
      <Section title="What was done">
        <Stack gap="sm">
          {rollout.events.map(({ action, actor, at, reason }) => (
            <div key={`${action} ${at}`}>
              <Text fw={550}>
                {ACTION_WORDS[action]} · <OperatorMoment at={at} />
              </Text>
              <Text size="sm">{reason}</Text>
              <Text size="sm" c="dimmed">
                {actor}
              </Text>
            </div>
          ))}
        </Stack>
      </Section>
      {act !== undefined && <ActDialog act={act} rollout={rollout} onClose={() => setAct(undefined)} />}
    </Page>
  );
}

const ACT_WORDS: Readonly<Record<Act, { title: string; verb: string; consequence: string }>> = {
  widen: {
    title: 'Give it to more tenants?',
    verb: 'Widen',
    consequence: 'They have it from their next night on.',
  },
  stop: {
    title: 'Take it back?',
    verb: 'Stop',
    consequence: 'All tenants have their former template again; runs that have begun end as they began.',
  },
  complete: {
    title: 'Keep it for good?',
    verb: 'Complete',
    consequence: 'New tenants get it from now on, and it is compared no more.',
  },
};

function ActDialog({
  act,
  rollout: { rolloutId },
  onClose,
}: {
  act: Act;
  rollout: RolloutWithEvents;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const { title, verb, consequence } = ACT_WORDS[act];
  return (
    <ReasonDialog
      opened
      title={title}
      verb={verb}
      isDangerous={act === 'stop'}
      onClose={onClose}
      act={async (reason) => {
        const request = { params: { path: { rolloutId } }, body: { reason } };
        await answerOf(client.POST(`/v1/rollouts/{rolloutId}/${act}`, request));
        await queryClient.invalidateQueries({ queryKey: ROLLOUTS_KEY });
        await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
      }}
    >
      <Text>{consequence}</Text>
    </ReasonDialog>
  );
}
