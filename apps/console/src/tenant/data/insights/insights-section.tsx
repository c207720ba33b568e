import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isProblem } from '../../../api/problem.js';
import { Moment } from '../../../parts/moment.js';
import { count } from '../../../parts/numbers.js';
import { Loaded, Nothing } from '../../../parts/page-states.js';
import { Section } from '../../../parts/section.js';
import { useTenant } from '../../tenant-context.js';
import { CustomersInsight } from './customers-insight.js';
import { insightsQuery, type Insights } from './insights-queries.js';
import { PricesInsight } from './prices-insight.js';
import { RepurchaseInsight } from './repurchase-insight.js';

/** What the night has found out about demand besides its lists. */
export function InsightsSections() {
  const { tenant } = useTenant();
  const insights = useQuery(insightsQuery(tenant));
  if (isProblem(insights.error, 409))
    return (
      <Section title="What your data say">
        <Nothing title="Not known yet">
          {insights.error.code === 'noModelYet'
            ? 'The first night finds out how demand follows prices and how often customers come back.'
            : 'The lists in service are from before this was kept. The next night finds out.'}
        </Nothing>
      </Section>
    );
  return (
    <>
      <Section title="Prices and demand" note={<Basis insights={insights.data} />}>
        <Loaded query={insights} lines={5}>
          {(data) => <PricesInsight insights={data} />}
        </Loaded>
      </Section>
      {insights.data !== undefined && (
        <>
          <Section title="Coming back" note="Days until a customer buys from the same category again">
            <RepurchaseInsight insights={insights.data} />
          </Section>
          <Section title="Who your customers are" note="By what they bought, when, and for how much">
            <CustomersInsight insights={insights.data} />
          </Section>
        </>
      )}
    </>
  );
}

function Basis({ insights }: { insights: Insights | undefined }) {
  if (insights === undefined) return null;
  return (
    <Text span inherit>
      From {count(insights.days, 'day')} of sales up to <Moment at={insights.watermark} />
    </Text>
  );
}
