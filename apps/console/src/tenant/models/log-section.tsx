import { Anchor, Stack, Text } from '@mantine/core';
import { momentText } from '../../parts/moment.js';
import { Nothing } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { isUnfinished, type Run } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import classes from './log-section.module.css';

/** What each stage said of itself: read, dropped, trained, chosen, and what it took. */
export function LogSection({ run }: { run: Run }) {
  const { tenant, timeZone } = useTenant();
  const spoken = run.stages.filter(({ log }) => log.length > 0);
  const address = `/v1/tenants/${encodeURIComponent(tenant)}/runs/${run.id}/log`;
  return (
    <Section
      title="Log"
      note={isUnfinished(run) ? 'Live, of all attempts' : 'Of all attempts'}
      actions={
        spoken.length > 0 && (
          <Anchor href={address} download>
            Download as text
          </Anchor>
        )
      }
    >
      {spoken.length === 0 ? (
        <Nothing title="No stage has said anything yet" />
      ) : (
        <Stack gap="sm">
          {spoken.map(({ stage, log, status, error }) => (
            <details key={stage} open={status !== 'succeeded'} className={classes.stage}>
              <summary>
                {stage}
                <Text component="span" size="sm" c="dimmed" ml="xs">
                  {summaryOf(log)}
                </Text>
              </summary>
              <ol className={classes.lines}>
                {log.map(({ at, message }, index) => (
                  <li key={index}>
                    <time dateTime={at}>{momentText(at, timeZone, 'second').slice(-8)}</time> {message}
                  </li>
                ))}
                {error !== null && <li>Failed: {error}</li>}
              </ol>
            </details>
          ))}
        </Stack>
      )}
    </Section>
  );
}

/** The first line that says more than that it began. */
function summaryOf(log: Run['stages'][number]['log']): string {
  return log.find(({ message }) => !message.startsWith('Begins'))?.message ?? '';
}
