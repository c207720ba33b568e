import { validateTenantSettings } from '../tenants/tenant-settings.js';
import { RETENTION_POLICY, retentionOf } from './retention-policy.js';

test('a tenant that says nothing has the policy', () => {
  expect(retentionOf({})).toEqual(RETENTION_POLICY);
});

test('a tenant decides for how long its events stay', () => {
  const retention = { feedbackDays: 100, interactionDays: 730 };
  expect(retentionOf(validateTenantSettings({ retention }))).toEqual({
    ...RETENTION_POLICY,
    feedback: 100,
    interactions: 730,
  });
});

test('what was shown outlasts the window in which a purchase may follow, by a month', () => {
  const retention = { feedbackDays: 30 };
  expect(retentionOf({ retention }).feedback).toBe(14 + 30);
  expect(retentionOf({ retention, attributionWindowDays: 90 }).feedback).toBe(120);
});

test.each([[{ feedbackDays: 29 }], [{ interactionDays: 1.5 }], [{ days: 40 }], ['long'], [[]]])(
  'refuses %j',
  (retention) => {
    expect(() => validateTenantSettings({ retention })).toThrow('retention: must be');
  },
);
