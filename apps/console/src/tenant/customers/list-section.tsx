import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded, Nothing, ProblemNotice } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { useTenant } from '../tenant-context.js';
import { CompareWith } from './compare-with.js';
import { explanationQuery, type Explanation, type Under } from './customer-queries.js';
import { ListTable } from './list-table.js';

const PAUSE_MS = 300;

/** What this customer is recommended now, and what another model or other settings would change about it. */
export function ListSection({ customerId }: { customerId: string }) {
  const { tenant } = useTenant();
  const [under, setUnder] = useState<Under>({});
  const [wanted] = useDebouncedValue(under, PAUSE_MS);
  const isCompared = Object.keys(under).length > 0;
  const now = useQuery(explanationQuery(tenant, customerId));
  const other = useQuery({
    ...explanationQuery(tenant, customerId, wanted),
    enabled: isCompared && Object.keys(wanted).length > 0,
    placeholderData: keepPreviousData,
  });
  const there = isCompared ? other.data : undefined;
  return (
    <Section title="What is recommended" note="Computed now, with the rules and the settings in force">
      <Loaded query={now} lines={6}>
        {(present) => (
          <Stack gap="md">
            <CompareWith under={under} onChange={setUnder} />
            {isCompared && other.error !== null && <ProblemNotice error={other.error} />}
            {present.items.length === 0 ? (
              <Nothing title="Nothing is recommended">{reasonOf(present)}</Nothing>
            ) : (
              <>
                <Text size="sm" c="dimmed">
                  By model version {present.modelVersion}
                  {present.statusReason !== null && ` (${reasonOf(present)})`}. Open a product to see how its
                  score came about.
                </Text>
                {there !== undefined && <Changes present={present} there={there} />}
                <ListTable items={present.items} other={there?.items} />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function Changes({ present, there }: { present: Explanation; there: Explanation }) {
  const placeThere = new Map(there.items.map(({ productId }, index) => [productId, index]));
  const gone = present.items.filter(({ productId }) => !placeThere.has(productId)).length;
  const moved = present.items.filter(
    ({ productId }, index) => placeThere.has(productId) && placeThere.get(productId) !== index,
  ).length;
  const how = `there: ${gone} of these ${present.items.length} are gone, ${moved} stand elsewhere`;
  return (
    <Text size="sm" role="status">
      {gone + moved === 0 ? 'The list would be the same.' : `The last column is the place ${how}.`}
    </Text>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ineligible: 'the rules allow this customer none of the candidates',
  lowRelevance: 'no candidate is relevant enough',
  noCandidates: 'there is no candidate at all',
  newCustomer:
    'nothing is known of this customer yet: the list is the one of the segment, the country or everybody',
  unknownCustomer: 'the night did not know this customer yet',
  fewCandidates: 'there are no more candidates',
};

const reasonOf = ({ statusReason }: Explanation): string => REASONS[statusReason ?? ''] ?? statusReason ?? '';
