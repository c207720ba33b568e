import { Page } from '../../parts/page.js';
import { useTenant } from '../tenant-context.js';
import { AuditSection } from './audit-section.js';
import { CustomerDataSection } from './customer-data-section.js';
import { MembersSection } from './members-section.js';
import { OwnSettingsSection } from './own-settings-section.js';

export function SettingsPage() {
  const { name, mayChange } = useTenant();
  return (
    <Page title="Settings" tab={`Settings · ${name}`}>
      <OwnSettingsSection />
      <MembersSection />
      <AuditSection />
      {mayChange && <CustomerDataSection />}
    </Page>
  );
}
