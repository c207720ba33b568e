import { PIPELINE_TEMPLATE } from './pipeline-template.js';
import { completeTemplate, validateTemplateSettings } from './template-settings.js';

function fieldsOf(value: unknown): string[] {
  try {
    validateTemplateSettings(value);
  } catch (error) {
    const { code, details } = error as { code: string; details: { fields: { field: string }[] } };
    expect(code).toBe('invalidTemplate');
    return details.fields.map(({ field }) => field);
  }
  throw new Error('was taken');
}

describe('validateTemplateSettings', () => {
  it('takes nothing, and every setting', () => {
    for (const settings of [
      {},
      {
        algorithms: ['popularity', 'ease'],
        params: { ease: { l2: 200 } },
        recipe: { algorithm: 'ials', params: {} },
        ...{ tuningSeconds: 0, halfLifeDays: 30, popularityHalfLifeDays: 7, listLength: 50 },
        gate: { refreshMargin: 0.01, resamples: 500 },
      },
      { algorithms: ['popularity', 'hybrid'], params: { hybrid: { parts: { popularity: {} } } } },
    ])
      expect(validateTemplateSettings(settings)).toBe(settings);
  });

  it.each([
    [{ algorithms: ['ials'] }, ['algorithms']],
    [{ algorithms: ['popularity'] }, ['algorithms']],
    [{ algorithms: ['popularity', 'ials', 'ials'] }, ['algorithms']],
    [{ algorithms: ['popularity', 'hybrid', 'ials', 'item-cf'] }, ['algorithms']],
    [{ params: [] }, ['params']],
    [{ params: { ials: 3 } }, ['params']],
    [{ recipe: { algorithm: 'ials' } }, ['recipe']],
    [{ gate: { refreshMargin: 2, speed: 1 } }, ['gate.refreshMargin', 'gate.speed']],
    [{ gate: [] }, ['gate']],
    // What cohorts are compared by is not a version's to change.
    [
      { seed: 1, holdoutShare: 0.5, negativesPerPositive: 1 },
      ['seed', 'holdoutShare', 'negativesPerPositive'],
    ],
    [{ listLength: 1.5, halfLifeDays: '9' }, ['listLength', 'halfLifeDays']],
    [JSON.parse('{"__proto__": {"listLength": 5}}'), ['__proto__']],
  ])('refuses %j and names the fields', (settings, fields) => expect(fieldsOf(settings)).toEqual(fields));

  it.each([null, undefined, [], 'x'])('refuses %j', (value) => {
    expect(() => validateTemplateSettings(value)).toThrow('JSON object');
  });
});

describe('completeTemplate', () => {
  it('is the first version where nothing is different', () => {
    expect(completeTemplate(1, {})).toEqual(PIPELINE_TEMPLATE);
  });

  it('puts parameters and gate on top one by one', () => {
    const template = completeTemplate(4, {
      params: { ials: { sweeps: 3 }, ease: {} },
      gate: { ndcgMargin: 0.1 },
    });
    expect(template).toEqual({
      ...PIPELINE_TEMPLATE,
      version: 4,
      params: { ials: { factors: 128, sweeps: 3 }, ease: {} },
      gate: { ...PIPELINE_TEMPLATE.gate, ndcgMargin: 0.1 },
    });
  });
});
