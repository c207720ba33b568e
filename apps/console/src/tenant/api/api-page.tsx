import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Copyable } from '../../parts/copyable.js';
import { Loaded } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Section } from '../../parts/section.js';
import { summaryQuery } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { KeysSection } from './keys-section.js';
import { TryItSection } from './try-it-section.js';

export function ApiPage() {
  const { tenant, name } = useTenant();
  const summary = useQuery(summaryQuery(tenant));
  return (
    <Page title="API" tab={`API · ${name}`} note="How your shop, sales desk and campaign tool ask and report">
      <Section title="Your endpoint">
        <Loaded query={summary} lines={4}>
          {({ endpoint }) => (
            <Stack gap="md">
              <Copyable label="Ask, with curl" text={curlOf(endpoint)} />
              <Copyable label="Ask, in TypeScript" text={typescriptOf(endpoint)} />
              <Copyable label="Report what was shown and bought" text={outcomesOf(endpoint)} />
              <Text size="sm">
                Everything else is in the <Anchor href="/docs">description of the control plane</Anchor> and
                in the one of the data plane, at{' '}
                <Anchor href={new URL('/docs', endpoint).href}>/docs of its address</Anchor>.
              </Text>
            </Stack>
          )}
        </Loaded>
      </Section>
      <TryItSection />
      <KeysSection />
    </Page>
  );
}

const curlOf = (endpoint: string) =>
  `curl -H "Authorization: Bearer $NIGHTSHIFT_KEY" \\\n  "${endpoint}/customer-1?count=10"`;

const typescriptOf = (endpoint: string) => `const answer = await fetch('${endpoint}/customer-1?count=10', {
  headers: { Authorization: \`Bearer \${process.env.NIGHTSHIFT_KEY}\` },
});
const { recommendationId, status, items } = await answer.json();
// status "none" is an answer too: statusReason says why.
for (const { productId, score } of items) console.log(productId, score);`;

const outcomesOf = (endpoint: string) =>
  `curl -X POST -H "Authorization: Bearer $NIGHTSHIFT_KEY" -H 'Content-Type: application/json' \\
  -d '{"events":[{"eventId":"e-1","kind":"shown","customerId":"customer-1","productId":"P1","recommendationId":"…"}]}' \\
  "${endpoint.replace(/recommendations$/, 'outcomes')}"`;
