import { NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded, Nothing, ProblemNotice } from '../../parts/page-states.js';
import { Section } from '../../parts/section.js';
import { algorithmName } from '../models/algorithm-names.js';
import { modelsQuery } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { explanationQuery, type Explanation } from './customer-queries.js';
import { ListTable } from './list-table.js';

/** What this customer is recommended now, and what another model would change about it. */
export function ListSection({ customerId }: { customerId: string }) {
  const { tenant } = useTenant();
  const [version, setVersion] = useState<number>();
  const now = useQuery(explanationQuery(tenant, customerId));
  const models = useQuery(modelsQuery(tenant));
  const other = useQuery({
    ...explanationQuery(tenant, customerId, { modelVersion: version }),
    enabled: version !== undefined,
  });
  const others = (models.data?.models ?? []).filter(
    ({ serving, promotedAt }) => !serving && promotedAt !== null,
  );
  return (
    <Section title="What is recommended" note="Computed now, with the rules and the settings in force">
      <Loaded query={now} lines={6}>
        {(present) => (
          <Stack gap="md">
            {others.length > 0 && (
              <NativeSelect
                label="Compare with"
                maw={360}
                value={version ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  setVersion(value === '' ? undefined : Number(value))
                }
                data={[
                  { value: '', label: 'nothing' },
                  ...others.map((model) => ({
                    value: `${model.version}`,
                    label: `version ${model.version} (${algorithmName(model.algorithm)})`,
                  })),
                ]}
              />
            )}
            {other.error !== null && <ProblemNotice error={other.error} />}
            {present.items.length === 0 ? (
              <Nothing title="Nothing is recommended">{reasonOf(present)}</Nothing>
            ) : (
              <>
                <Text size="sm" c="dimmed">
                  By model version {present.modelVersion}
                  {present.statusReason !== null && ` (${reasonOf(present)})`}
                  {version !== undefined &&
                    other.data !== undefined &&
                    `; the last column is where version ${version} would put it`}
                  . Open a product to see how its score came about.
                </Text>
                <ListTable
                  items={present.items}
                  other={version === undefined ? undefined : other.data?.items}
                />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
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
