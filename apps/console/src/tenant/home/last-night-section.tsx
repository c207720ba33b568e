import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Moment } from '../../parts/moment.js';
import { count } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { runsQuery, verdictsQuery, isUnfinished, type TenantSummary } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import classes from './home-page.module.css';

export function LastNightSection({ summary }: { summary: TenantSummary }) {
  const { tenant } = useTenant();
  const verdicts = useQuery(verdictsQuery(tenant));
  const { schedule, served } = summary;
  return (
    <Section title="Last verdict">
      <Stack gap="sm">
        <Loaded query={verdicts} lines={3}>
          {({ verdicts: [verdict] }) =>
            verdict === undefined ? (
              <Nothing title="No night has been judged yet">
                The first verdict follows the first run over your data.
              </Nothing>
            ) : (
              <div>
                <Text className={classes.sentence}>{verdict.sentence}</Text>
                <Text size="sm" c="dimmed" mt={6}>
                  <Moment at={verdict.createdAt} />
                </Text>
              </div>
            )
          }
        </Loaded>
        <NextRun nextRunAt={schedule.nextRunAt} state={summary.state} />
        {served !== null && (
          <Text size="sm" c="dimmed">
            Version {served.modelVersion} serves {count(served.customerLists, 'customer')}, with lists of{' '}
            <Moment at={served.publishedAt} />.
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function NextRun({ nextRunAt, state }: { nextRunAt: string | null; state: TenantSummary['state'] }) {
  const { tenant } = useTenant();
  const { data } = useQuery({ ...runsQuery(tenant), retry: false });
  const running = data?.runs.find(isUnfinished);
  if (running !== undefined)
    return (
      <Text size="sm" role="status">
        A run is {running.status === 'running' ? 'at work' : 'waiting for a worker'} now.{' '}
        <Anchor
          component={Link}
          to={`/tenants/${encodeURIComponent(tenant)}/models/runs/${running.id}`}
          inherit
        >
          Watch it
        </Anchor>
      </Text>
    );
  if (nextRunAt === null) return <Text size="sm">No run is planned while the recommender is off.</Text>;
  return (
    <Text size="sm">
      Next run: <Moment at={nextRunAt} />
      {state === 'frozen' && ', which makes lists and trains nothing'}
    </Text>
  );
}
