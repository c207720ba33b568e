import { useQuery } from '@tanstack/react-query';
import { Loaded, Nothing } from '../../parts/page-states.js';
import { Page } from '../../parts/page.js';
import { Section } from '../../parts/section.js';
import { modelsQuery, verdictsQuery } from '../queries.js';
import { useTenant } from '../tenant-context.js';
import { CompareSection } from './compare-section.js';
import { RegistryTable } from './registry-table.js';
import { RunsSection } from './runs-section.js';

export function ModelsPage() {
  const { tenant, name } = useTenant();
  const models = useQuery(modelsQuery(tenant));
  const verdicts = useQuery(verdictsQuery(tenant));
  return (
    <Page
      title="Models"
      tab={`Models · ${name}`}
      note="Every version that a night has made, and the nights themselves"
    >
      <Section title="Registry" note="Choose two versions to compare them.">
        <Loaded query={models} lines={5}>
          {(data) =>
            data.models.length === 0 ? (
              <Nothing title="No model yet">
                The first one follows the first run over your data. Bring data in under “Data”.
              </Nothing>
            ) : (
              <RegistryTable models={data.models} verdicts={verdicts.data?.verdicts ?? []} />
            )
          }
        </Loaded>
      </Section>
      {models.data !== undefined && (
        <CompareSection models={models.data.models} verdicts={verdicts.data?.verdicts ?? []} />
      )}
      <RunsSection />
    </Page>
  );
}
