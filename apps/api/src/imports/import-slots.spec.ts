import type { TenantId } from '#libs/domain';
import { IMPORTS_AT_ONCE, ImportSlots } from './import-slots.js';

const tenant = (id: number): TenantId => id as TenantId;
const TOO_MANY = expect.objectContaining({ kind: 'busy', code: 'tooManyImports' });

test('a tenant has two slots, and gets one back when an import ends', () => {
  const slots = new ImportSlots();
  const giveBack = slots.take(tenant(1));
  slots.take(tenant(1));
  expect(() => slots.take(tenant(1))).toThrow(TOO_MANY);
  slots.take(tenant(2));
  giveBack();
  expect(() => slots.take(tenant(1))).not.toThrow();
});

test('the process has only so many', () => {
  const slots = new ImportSlots();
  for (let id = 0; id < IMPORTS_AT_ONCE; id++) slots.take(tenant(id));
  expect(() => slots.take(tenant(99))).toThrow(TOO_MANY);
});
