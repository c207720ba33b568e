import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Section } from '../../parts/section.js';
import { summaryQuery } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { AuditSection } from './audit-section.js';
import { CustomerDataSection } from './customer-data-section.js';
import { MembersSection } from './members-section.js';

export function SettingsPage() {
  const { name, mayChange } = useTenant();
  return (
    <Page title="Settings" tab={`Settings · ${name}`}>
      <NightSection />
      <MembersSection />
      <AuditSection />
      {mayChange && <CustomerDataSection />}
    </Page>
  );
}

function NightSection() {
  const { tenant } = useTenant();
  const summary = useQuery(summaryQuery(tenant));
  return (
    <Section title="The night" note="Set by your platform's operator: ask there for a change">
      <Loaded query={summary} lines={3}>
        {({ schedule, timeZone, currency, templateVersion, settings }) => (
          <>
            <Facts
              facts={[
                ['Begins', `${String(schedule.nightStartsAtHour).padStart(2, '0')}:00`],
                ['Time zone', timeZone],
                ['Currency', currency],
                ['Template version', templateVersion],
              ]}
            />
            <Text size="sm" c="dimmed" mt="md" style={{ overflowWrap: 'anywhere' }}>
              Own settings: {Object.keys(settings).length === 0 ? 'none' : JSON.stringify(settings)}
            </Text>
          </>
        )}
      </Loaded>
    </Section>
  );
}
