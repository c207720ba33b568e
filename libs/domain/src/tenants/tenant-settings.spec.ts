import { cloneTemplate, PIPELINE_TEMPLATE } from '../template/pipeline-template.js';
import { validateTenantSettings } from './tenant-settings.js';

const ALL = {
  repeatPurchases: false,
  halfLifeDays: 0.5 + 1,
  holdoutWindowDays: 28,
  nightStartsAtHour: 23,
  listLength: 1000,
  recipe: { algorithm: 'ials', params: { factors: 32 } },
  tuningSeconds: 60,
  attributionWindowDays: 30,
};

function refusal(value: unknown): { field: string; message: string }[] {
  try {
    validateTenantSettings(value);
  } catch (error) {
    const { code, details } = error as {
      code: string;
      details: { fields?: { field: string; message: string }[] };
    };
    expect(code).toBe('invalidSettings');
    return details.fields ?? [];
  }
  throw new Error('was taken');
}

describe('validateTenantSettings', () => {
  it('takes nothing, everything, and the ends of every range', () => {
    for (const settings of [
      {},
      ALL,
      { nightStartsAtHour: 0, halfLifeDays: 1, listLength: 1, holdoutWindowDays: 1 },
    ]) {
      expect(validateTenantSettings(settings)).toEqual(settings);
    }
  });

  it.each([null, undefined, [], 'fast', 7])('refuses %j', (value) => expect(refusal(value)).toEqual([]));

  it.each([
    ['repeatPurchases', 'yes'],
    ['halfLifeDays', 0.99],
    ['halfLifeDays', 3651],
    ['halfLifeDays', NaN],
    ['halfLifeDays', '90'],
    ['halfLifeDays', null],
    ['holdoutWindowDays', 366],
    ['nightStartsAtHour', 24],
    ['nightStartsAtHour', -1],
    ['nightStartsAtHour', 1.5],
    ['listLength', 0],
    ['tuningSeconds', -1],
    ['tuningSeconds', 3601],
    ['attributionWindowDays', 0],
    ['attributionWindowDays', 91],
    ['attributionWindowDays', 1.5],
    ['recipe', 'ials'],
    ['recipe', {}],
    ['recipe', { algorithm: '' }],
    ['recipe', { algorithm: 'ials', params: [] }],
    ['recipe', { algorithm: 'ials', weight: 1 }],
    ['holdoutShare', 0.5],
    ['seed', 1],
    ['constructor', 1],
    ['toString', 1],
  ])('refuses %s = %j and says what is allowed', (field, value) => {
    const [problem, ...others] = refusal({ ...ALL, [field]: value });
    expect(others).toEqual([]);
    expect(problem.field).toBe(field);
    expect(problem.message).not.toMatch(/undefined|NaN/);
  });

  it('refuses a prototype smuggled in as JSON', () => {
    expect(refusal(JSON.parse('{"__proto__": {"listLength": 5}}'))).toEqual([
      expect.objectContaining({ field: '__proto__' }),
    ]);
  });

  it('names every bad field at once', () => {
    expect(
      refusal({ nightStartsAtHour: 24, listLength: 0, colour: 'red' }).map(({ field }) => field),
    ).toEqual(['nightStartsAtHour', 'listLength', 'colour']);
  });
});

describe('the gate of a tenant', () => {
  it('names each wrong field of it, and what is the platform’s to set', () => {
    const fields = (gate: unknown) => refusal({ gate }).map(({ field }) => field);
    expect(fields({ ndcgMargin: 1.1, minimumRows: 0.5, confidence: '0.9' })).toEqual([
      'gate.ndcgMargin',
      'gate.minimumRows',
      'gate.confidence',
    ]);
    expect(fields({ resamples: 200 })).toEqual(['gate.resamples']);
    expect(fields([])).toEqual(['gate']);
    expect(fields(JSON.parse('{"__proto__": {"ndcgMargin": 1}}'))).toEqual(['gate.__proto__']);
  });

  it('goes on top of the template’s, margin by margin', () => {
    const { gate } = cloneTemplate({ gate: { ndcgMargin: 0.5 } });
    expect(gate).toEqual({ ...PIPELINE_TEMPLATE.gate, ndcgMargin: 0.5 });
  });
});

describe('cloneTemplate', () => {
  it('puts the tenant’s settings on top and leaves the template as it was', () => {
    const before = structuredClone(PIPELINE_TEMPLATE);
    expect(cloneTemplate({ listLength: 10 })).toEqual({ ...before, listLength: 10 });
    expect(cloneTemplate({})).toEqual(before);
    const recipe = { algorithm: 'ials', params: {} };
    expect(cloneTemplate({ recipe: { algorithm: 'ials' } })).toEqual({ ...before, recipe });
    expect(PIPELINE_TEMPLATE).toEqual(before);
  });
});
