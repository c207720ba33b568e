import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { whole } from '../../parts/numbers.js';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Section } from '../../parts/section.js';
import { RUN_CHOICES, type RunChoice } from '../operator-search.js';
import { costsQuery, fleetRunsQuery, workQuery } from '../queries.js';
import { CostsTable } from './costs-table.js';
import { QueuesTable } from './queues-table.js';
import { RunsTable } from './runs-table.js';
import { WorkersTable } from './workers-table.js';

/** What is being worked on, by whom, and what it costs. */
export function WorkPage() {
  const { runs: choice = 'all', night } = useSearch({ from: '/signed-in/operator/work' });
  const navigate = useNavigate();
  const work = useQuery(workQuery);
  const runs = useQuery(fleetRunsQuery(choice, night));
  const costs = useQuery(costsQuery);
  const show = (search: { runs?: RunChoice; night?: string }) =>
    void navigate({ to: '/operator/work', search, replace: true });
  return (
    <Page title="Runs and queues">
      <Section title="Workers">
        <Loaded query={work}>{({ workers }) => <WorkersTable workers={workers} />}</Loaded>
      </Section>
      <Section title="Queues" note="Redis carries the news; what counts stands in PostgreSQL.">
        <Loaded query={work}>
          {({ queues, unfinishedRuns }) => (
            <>
              {queues === null ? (
                <Nothing title="Redis does not answer">Runs go on once it does.</Nothing>
              ) : (
                <QueuesTable queues={queues} />
              )}
              <Text size="sm" c="dimmed" mt="xs">
                Unfinished runs:{' '}
                {Object.entries(unfinishedRuns)
                  .map(([status, runCount]) => `${whole(runCount)} ${status}`)
                  .join(', ') || 'none'}
              </Text>
            </>
          )}
        </Loaded>
      </Section>
      <Section
        title="What nights cost"
        note="CPU time of all attempts; lists and models written. A night leads to what its tenants cost."
      >
        <Loaded query={costs}>
          {({ nights }) =>
            nights.length === 0 ? <Nothing title="No night yet" /> : <CostsTable nights={nights} />
          }
        </Loaded>
      </Section>
      <Section
        title={night === undefined ? 'Runs' : `Runs of ${night}`}
        note={night === undefined ? 'The newest first.' : 'Those that cost most first.'}
      >
        <Group gap="sm">
          <SegmentedControl
            aria-label="Which runs"
            data={[...RUN_CHOICES]}
            value={choice}
            onChange={(value) => show({ runs: value as RunChoice, night })}
          />
          {night !== undefined && (
            <Button variant="default" size="xs" onClick={() => show({ runs: choice })}>
              All nights
            </Button>
          )}
        </Group>
        <Loaded query={runs}>
          {({ runs: found }) =>
            found.length === 0 ? <Nothing title="No such run" /> : <RunsTable runs={found} />
          }
        </Loaded>
        <Text size="sm" c="dimmed" mt="xs">
          Fifty at most. All nights of one tenant are on its own page.
        </Text>
      </Section>
    </Page>
  );
}
