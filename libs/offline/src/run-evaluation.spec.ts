import { InlineExecutor } from '#libs/algorithms';
import type { EvaluationRequest } from './evaluation-request.js';
import { parseParams } from './parse-params.js';
import { runEvaluation } from './run-evaluation.js';
import { ScratchFiles } from './testing/scratch-files.js';

const files = new ScratchFiles();
afterAll(() => files.remove());
const tools = { executor: new InlineExecutor(), memoryBytes: 2 ** 30, note: () => undefined };

// a is with four customers, b with three, c with two.
const train = files.write('train.gz', 'u1\ta\nu2\ta\nu3\ta\nu4\ta\nu1\tb\nu2\tb\nu3\tb\nu1\tc\nu2\tc\n');
const test = files.write('test.tsv', 'u4\tb\nu3\tc\n');
const request: EvaluationRequest = {
  algorithm: 'popularity',
  params: {},
  train,
  test,
  format: 'pairs',
  protocol: 'topk',
  metrics: ['hr@1', 'mrr@2', 'coverage@1'],
  values: 'binary',
  seed: 1,
};
const run = (change: Partial<EvaluationRequest>) => runEvaluation({ ...request, ...change }, tools);

describe('evaluation of files', () => {
  it('ranks everything that is new to a customer', async () => {
    const report = await run({});
    expect(report).toMatchObject({
      ...{
        algorithm: 'popularity',
        protocol: 'topk',
        customers: 4,
        products: 3,
        interactions: 9,
        queries: 2,
      },
      // u4 gets b and u3 gets c: both are right, and nobody is shown a.
      metrics: { 'hr@1': 1, 'mrr@2': 1, 'coverage@1': 2 / 3 },
      intervals: { 'hr@1': [1, 1] },
      ...{ seed: 1, threads: 1 },
    });
  });

  it('ranks only the candidates', async () => {
    const candidates = files.write('candidates', 'c\n');
    const report = await run({ candidates, metrics: ['hr@1'] });
    expect(report).toMatchObject({ queries: 1, metrics: { 'hr@1': 1 } });
  });

  it('does not depend on the order of the rows', async () => {
    const rows = 'u2\tc\nu1\tc\nu3\tb\nu2\tb\nu1\tb\nu4\ta\nu3\ta\nu2\ta\nu1\ta\n';
    const { metrics, intervals, interactions } = await run({ train: files.write('other', rows) });
    expect(await run({})).toMatchObject({ metrics, intervals, interactions });
  });

  it('ranks a pair against its negatives, itself not among them', async () => {
    const negatives = files.write('negatives', '(u3,c)\tb\ta\tc\n(u4,b)\ta\tc\tc\n');
    const report = await run({ protocol: 'loo', negatives, metrics: ['hr@2', 'mrr@3'] });
    // c comes after b and a, b after a.
    expect(report.metrics).toEqual({ 'hr@2': 1 / 2, 'mrr@3': (1 / 3 + 1 / 2) / 2 });
  });

  it('ranks a pair against everything without negatives', async () => {
    expect((await run({ protocol: 'loo', metrics: ['hr@1'] })).metrics).toEqual({ 'hr@1': 1 });
  });

  it('measures segments', async () => {
    const segments = files.write('segments', 'u4::new::x\nu9::old\n');
    const report = await run({ segments, metrics: ['mrr@1', 'gini@1'] });
    expect(Object.keys(report.bySegment ?? {}).sort()).toEqual(['', 'new']);
    expect(report.bySegment?.new).toEqual({
      queries: 1,
      metrics: { 'mrr@1': 1 },
      intervals: { 'mrr@1': [1, 1] },
    });
  });

  it('predicts values, calibrated where the model has none', async () => {
    const rated = files.write('rated', 'u1,a,4\nu2,a,2\nu1,b,4\nu2,b,2\nu3,a,3\n');
    const rows = files.write('rated-test', 'u3,b,3\n');
    const report = await run({ train: rated, test: rows, protocol: 'rmse', metrics: ['rmse', 'mae'] });
    expect(report.metrics.rmse).toBe(report.metrics.mae);
    expect(report.metrics.rmse).toBeLessThanOrEqual(1);
  });

  it('ranks by the values themselves for a model of ratings, and averages a pair that comes twice', async () => {
    // Everybody likes b more than a, but has said so of a six times.
    const rows = ['u1', 'u2', 'u3'].map((u) => `${`${u},a,1\n`.repeat(6)}${u},b,5\n`).join('');
    const rated = files.write('liked', `${rows}u4,c,3\n`);
    const change = { algorithm: 'biased-mf', train: rated, metrics: ['hr@1'], values: undefined };
    const wanted = { ...change, test: files.write('liked-test', 'u4,b,5\n') };
    expect((await run(wanted)).metrics).toEqual({ 'hr@1': 1 });
    expect((await run({ ...wanted, values: 'binary' })).metrics).toEqual({ 'hr@1': 0 });
  });

  it('says which file it has not used', async () => {
    const notes: string[] = [];
    const negatives = files.write('unused', '(u3,c)\tb\n(u4,b)\ta\n');
    const noting = { ...tools, note: (text: string) => notes.push(text) };
    await runEvaluation({ ...request, negatives }, noting);
    expect(notes[0]).toBe('unused is checked and not used: negatives are for loo, not topk');
    notes.length = 0;
    await runEvaluation({ ...request, protocol: 'loo', negatives, metrics: ['hr@1'] }, noting);
    expect(notes.join()).not.toContain('not used');
  });

  it('names what there is instead of an unknown algorithm or metric', async () => {
    await expect(run({ algorithm: 'svd' })).rejects.toMatchObject({
      details: { fields: [{ field: 'algorithm', message: expect.stringContaining('biased-mf, svdpp') }] },
    });
    await expect(run({ metrics: ['rmse'] })).rejects.toMatchObject({
      details: { fields: [{ field: 'metrics', message: 'the protocol topk does not measure rmse' }] },
    });
  });

  it.each([
    ['unknownAlgorithm', { algorithm: 'popularty' }],
    ['invalidParams', { params: { exponnent: 1 } }],
    ['invalidParams', { params: { exponent: NaN } }],
    ['unknownMetric', { metrics: ['hr'] }],
    ['unknownMetric', { metrics: [] }],
    ['wrongMetric', { metrics: ['rmse'] }],
    ['wrongMetric', { protocol: 'loo' as const, metrics: ['gini@5'] }],
    ['wrongMetric', { protocol: 'rmse' as const, metrics: ['hr@5'] }],
    ['productsMissing', { algorithm: 'content' }],
    ['valueMissing', { protocol: 'rmse' as const, metrics: ['rmse'] }],
    ['emptyFile', { train: files.write('zeros', 'u1\ta\t0\n') }],
    ['fileNotReadable', { test: files.missing('nowhere') }],
  ])('refuses with %s', async (code, change) => {
    await expect(run(change)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  it.each([
    ['negativesMissing', '(u3,c)\tb\n'],
    ['brokenLine', '(u3,c)\tb\n(u4,b)\ta\n(u1,b)\ta\n'],
    ['brokenLine', '(u3,c)\tb\n(u4,b)\ta\n(u3,c)\ta\n'],
  ])('refuses negatives of other pairs with %s', async (code, content) => {
    const negatives = files.write('wrong', content);
    await expect(run({ protocol: 'loo', negatives, metrics: ['hr@1'] })).rejects.toMatchObject({ code });
  });
});

describe('parameters', () => {
  it('are numbers or words, at any depth', () => {
    expect(parseParams('factors=64, rate = 1e-3,kind=abc,parts.ials.weight=.5,parts.ials.factors=8')).toEqual(
      {
        factors: 64,
        rate: 0.001,
        kind: 'abc',
        parts: { ials: { weight: 0.5, factors: 8 } },
      },
    );
    expect(parseParams('')).toEqual({});
  });

  it('are numbers only where a file would have them', () => {
    const text = 'a=0x10,b=0b1,c=1_0,d=1e999,e=-1.,f=+.5E1';
    const given = { a: '0x10', b: '0b1', c: '1_0', d: '1e999', e: -1, f: 5 };
    expect(parseParams(text)).toEqual(given);
  });

  it.each(['factors', '=1', 'a=', 'a=1,a=2', 'a=1,a.b=2', '__proto__=1', '__proto__.x=1'])(
    'refuse %s',
    (text) => {
      expect(() => parseParams(text)).toThrow(expect.objectContaining({ code: 'invalidParams' }));
    },
  );
});
