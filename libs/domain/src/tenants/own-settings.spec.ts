import { completeTemplate } from '../template/template-settings.js';
import { settingsInForce, splitSettings, validateOwnSettings } from './own-settings.js';
import { SETTING_RANGES } from './tenant-settings.js';

const TEMPLATE = completeTemplate(4, { halfLifeDays: 30, gate: { ndcgMargin: 0.1 } });
const find = (name: string, own = {}) =>
  settingsInForce(own, TEMPLATE).find((setting) => setting.name === name);

describe('settingsInForce', () => {
  it('says of each setting whether the tenant or its template version decides', () => {
    expect(find('halfLifeDays')).toMatchObject({ value: 30, templateValue: 30, source: 'template' });
    expect(find('halfLifeDays', { halfLifeDays: 90 })).toMatchObject({
      ...{ value: 90, templateValue: 30, source: 'tenant' },
      range: { min: 1, max: 3650, integer: false },
    });
    expect(find('gate.ndcgMargin', { gate: { refreshMargin: 0 } })).toMatchObject({
      ...{ value: 0.1, source: 'template' },
    });
    expect(find('gate.refreshMargin', { gate: { refreshMargin: 0 } })).toMatchObject({
      ...{ value: 0, templateValue: 0.02, source: 'tenant' },
    });
  });

  it('calls a value the tenant’s own even where it is the template’s', () => {
    expect(find('freshByHour', { freshByHour: 6 })).toMatchObject({ templateValue: 6, source: 'tenant' });
  });

  it('keeps interactions for good unless the tenant says otherwise', () => {
    expect(find('retention.interactionDays')).toMatchObject({ value: null, source: 'template' });
    const retention = { interactionDays: 400 };
    expect(find('retention.interactionDays', { retention })).toMatchObject({ value: 400, source: 'tenant' });
    expect(find('retention.feedbackDays', { retention })).toMatchObject({ value: 400, source: 'template' });
  });

  it('has every number but the platform’s', () => {
    const names = settingsInForce({}, TEMPLATE).map(({ name }) => name);
    const own = Object.keys(SETTING_RANGES).filter((name) => name !== 'tuningSeconds');
    expect(names).toEqual(expect.arrayContaining([...own, 'repeatPurchases', 'gate.confidence']));
    expect(names).not.toContain('tuningSeconds');
  });
});

describe('validateOwnSettings', () => {
  it('refuses what is the platform’s, by name', () => {
    expect(() =>
      validateOwnSettings({ tuningSeconds: 3_600, recipe: { algorithm: 'ials' }, listLength: 20 }),
    ).toThrow(
      expect.objectContaining({
        code: 'invalidSettings',
        details: {
          fields: [
            expect.objectContaining({ field: 'recipe', code: 'platformSetting' }),
            expect.objectContaining({ field: 'tuningSeconds', code: 'platformSetting' }),
          ],
        },
      }),
    );
  });

  it('is the rule of the command line for everything else', () => {
    expect(() => validateOwnSettings({ nightStartsAtHour: 24 })).toThrow('from 0 to 23');
    expect(validateOwnSettings({ nightStartsAtHour: 23 })).toEqual({ nightStartsAtHour: 23 });
  });
});

test('splitSettings parts the tenant’s from the platform’s', () => {
  const recipe = { algorithm: 'ials' };
  expect(splitSettings({ listLength: 20, recipe })).toEqual({
    own: { listLength: 20 },
    platform: { recipe },
  });
  expect(splitSettings({})).toEqual({ own: {}, platform: {} });
});
