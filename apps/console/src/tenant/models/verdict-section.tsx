import { Stack, Text } from '@mantine/core';
import { Facts } from '../../parts/facts.js';
import { Moment } from '../../parts/moment.js';
import { whole } from '../../parts/numbers.js';
import { Section } from '../../parts/section.js';
import { Tag } from '../../parts/tag.js';
import type { Verdict } from '../queries.js';
import { algorithmName } from './algorithm-names.js';
import { IntervalText } from './interval-text.js';
import { evidenceOf } from './metrics.js';

export function VerdictSection({ verdict }: { verdict: Verdict }) {
  const { ndcg10, rmse, customers, rows, against } = evidenceOf(verdict);
  const met =
    verdict.championVersion === null
      ? `a ${against === undefined ? 'plain list' : algorithmName(against)}`
      : `version ${verdict.championVersion}`;
  return (
    <Section
      title="Verdict"
      actions={
        <Tag tone={verdict.promoted ? 'good' : 'plain'}>{verdict.promoted ? 'promoted' : 'not promoted'}</Tag>
      }
    >
      <Stack gap="md">
        <Text size="lg">{verdict.sentence}</Text>
        <Facts
          facts={[
            ['Challenger', `version ${verdict.challengerVersion}`],
            ['Met', met],
            ['Lane', verdict.lane],
            ['NDCG@10, difference (95 %)', <IntervalText interval={ndcg10} />],
            ['RMSE, difference (95 %)', <IntervalText interval={rmse} />],
            ['Held-out customers', customers === undefined ? '–' : whole(customers)],
            ['Held-out rows', rows === undefined ? '–' : whole(rows)],
            ['Decided', <Moment at={verdict.createdAt} />],
          ]}
        />
      </Stack>
    </Section>
  );
}
