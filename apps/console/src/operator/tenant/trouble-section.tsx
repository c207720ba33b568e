import { Stack, Text } from '@mantine/core';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import type { FleetTenant } from '../queries.js';
import { TROUBLE_TONES, TROUBLE_WORDS } from '../tenants/tenant-search.js';
import { TROUBLE_HELP } from './trouble-help.js';

/** The worst first, each with the next step. */
export function TroubleSection({ troubles, state }: Pick<FleetTenant, 'troubles' | 'state'>) {
  if (troubles.length === 0)
    return (
      <Text c="dimmed">{state === 'off' ? 'It is off, and so in no trouble.' : 'It is in no trouble.'}</Text>
    );
  return (
    <Section title="Trouble">
      <Stack gap="md">
        {troubles.map((trouble) => (
          <div key={trouble}>
            <Tag tone={TROUBLE_TONES[trouble]}>{TROUBLE_WORDS[trouble]}</Tag>
            <Text mt={4}>{TROUBLE_HELP[trouble].means}</Text>
            <Text size="sm" c="dimmed">
              Next: {TROUBLE_HELP[trouble].next}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
