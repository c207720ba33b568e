import { Page } from '../../parts/page.js';
import { useTenant } from '../tenant-context.js';
import { RulesSection } from './rules-section.js';
import { TuningSection } from './tuning-section.js';

export function RulesPage() {
  const { name } = useTenant();
  return (
    <Page
      title="Rules and tuning"
      tab={`Rules · ${name}`}
      note="What may be offered to whom, and how candidates become lists. Previews show real customers before anything is saved."
    >
      <RulesSection />
      <TuningSection />
    </Page>
  );
}
