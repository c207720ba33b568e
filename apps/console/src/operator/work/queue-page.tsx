import { SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { isProblem } from '../../api/problem.js';
import { AnchorLink } from '../../parts/anchor-link.js';
import { duration, whole } from '../../parts/numbers.js';
import { Loaded, MissingPage, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Scrollable } from '../../parts/scrollable.js';
import { Section } from '../../parts/section.js';
import { OperatorMoment } from '../operator-moment.js';
import { JOB_STATES, type JobState } from '../operator-search.js';
import { jobsQuery, type QueueJob } from '../queries.js';

/** What lies in a queue. Read only: a job is news of something that stands in PostgreSQL. */
export function QueuePage() {
  const { queue } = useParams({ from: '/signed-in/operator/work/queues/$queue' });
  const { state = 'failed' } = useSearch({ from: '/signed-in/operator/work/queues/$queue' });
  const navigate = useNavigate();
  const query = useQuery(jobsQuery(queue, state));
  if (isProblem(query.error, 404)) return <MissingPage />;
  return (
    <Page
      title={`Queue ${queue}`}
      note={
        <AnchorLink to="/operator/work" size="sm">
          Runs and queues
        </AnchorLink>
      }
    >
      <Section
        title="Jobs"
        note="For looking only: a run is started, frozen or stopped with its tenant, and its job follows."
      >
        <SegmentedControl
          aria-label="Which jobs"
          data={[...JOB_STATES]}
          value={state}
          onChange={(value) =>
            void navigate({
              ...{ to: '/operator/work/queues/$queue', params: { queue }, replace: true },
              search: { state: value as JobState },
            })
          }
        />
        <Loaded query={query}>
          {({ jobs }) =>
            jobs === null ? (
              <Nothing title="Redis does not answer">Runs go on once it does.</Nothing>
            ) : jobs.length === 0 ? (
              <Nothing title="No such job" />
            ) : (
              <JobTable jobs={jobs} />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}

function JobTable({ jobs }: { jobs: readonly QueueJob[] }) {
  const now = Date.now();
  return (
    <Scrollable label="Table of jobs">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Job</Table.Th>
            <Table.Th>Tenant</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th ta="right">Age</Table.Th>
            <Table.Th ta="right">Attempts</Table.Th>
            <Table.Th>What went wrong</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map(({ jobId, name, tenant, createdAt, attempts, error }) => (
            <Table.Tr key={jobId}>
              <Table.Td>
                {name}
                <Text size="xs" c="dimmed">
                  {jobId}
                </Text>
              </Table.Td>
              <Table.Td>
                {tenant === null ? (
                  '–'
                ) : (
                  <AnchorLink to="/operator/tenants/$tenant" params={{ tenant }}>
                    {tenant}
                  </AnchorLink>
                )}
              </Table.Td>
              <Table.Td>
                <OperatorMoment at={createdAt} />
              </Table.Td>
              <Table.Td ta="right">{duration(Math.max(0, now - Date.parse(createdAt)))}</Table.Td>
              <Table.Td ta="right">{whole(attempts)}</Table.Td>
              <Table.Td>{error ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrollable>
  );
}
