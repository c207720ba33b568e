import { Stack, Text } from '@mantine/core';
import { Nothing } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { StateBadge } from '../../tenant/state-badge.js';
import { OperatorMoment } from '../operator-moment.js';
import type { FleetTenant } from '../queries.js';

export function StatesSection({ states }: Pick<FleetTenant, 'states'>) {
  return (
    <Section title="States so far">
      {states.length === 0 && <Nothing title="It has been on since the beginning" />}
      <Stack gap="sm">
        {states.map(({ to, at, reason, actor }) => (
          <div key={at}>
            <StateBadge state={to} /> <OperatorMoment at={at} />
            <Text size="sm">{reason}</Text>
            <Text size="sm" c="dimmed">
              {actor}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}

export function VisitsSection({ visits }: Pick<FleetTenant, 'visits'>) {
  return (
    <Section title="Operators who were inside" note="The tenant sees the same.">
      {visits.length === 0 && <Nothing title="Nobody yet" />}
      <Stack gap="sm">
        {visits.map(({ visitId, operator, reason, startedAt, until, endedAt }) => (
          <div key={visitId}>
            <Text fw={550}>
              <OperatorMoment at={startedAt} /> to <OperatorMoment at={endedAt ?? until} />
            </Text>
            <Text size="sm">{reason}</Text>
            <Text size="sm" c="dimmed">
              {operator}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
