import { InlineExecutor } from '#libs/algorithms';
import { readTrials } from './files/read-trials.js';
import { runEvaluation } from './run-evaluation.js';
import { runTuning, type TuningRequest } from './run-tuning.js';
import { ScratchFiles } from './testing/scratch-files.js';

const files = new ScratchFiles();
afterAll(() => files.remove());
const notes: string[] = [];
// A second passes each time that somebody looks at the clock.
let now = 0;
const clock = () => now++;
const tools = {
  executor: new InlineExecutor(),
  memoryBytes: 2 ** 30,
  note: (text: string) => void notes.push(text),
  clock,
};

// Ten customers with five even products, ten with five odd ones.
const rows = Array.from({ length: 100 }, (_, e) => `u${e % 20}\tp${2 * Math.floor(e / 20) + (e % 2)}\n`);
const train = files.write('train.tsv', rows.join(''));
const request: TuningRequest = {
  algorithm: 'item-cf',
  params: { neighbours: 5 },
  train,
  format: 'pairs',
  values: 'binary',
  objective: 'ndcg@10',
  seconds: 40,
  seed: 1,
};

describe('tuning on files', () => {
  it('finds parameters around those that are settled, and says each trial', async () => {
    const report = await runTuning(request, tools);
    expect(report).toMatchObject({
      ...{ algorithm: 'item-cf', objective: 'ndcg@10', customers: 20, seed: 1, threads: 1 },
      params: { neighbours: 5 },
    });
    expect(report.trials.length).toBeGreaterThan(0);
    expect(Math.max(...report.trials.map(({ score }) => Number(score)))).toBe(report.score);
    expect(notes.filter((note) => note.startsWith('trial '))).toHaveLength(report.trials.length);

    const printed = files.write('printed', `said on the way\n${JSON.stringify(report)}\n`);
    expect(await readTrials(printed, request)).toEqual(report.trials);
    for (const change of [{ algorithm: 'ials' }, { objective: 'rmse' }])
      await expect(readTrials(printed, { ...request, ...change })).rejects.toMatchObject({
        code: 'otherSearch',
        message: expect.stringContaining(Object.keys(change)[0] ?? ''),
      });
  });

  it('tunes on the training file before an evaluation', async () => {
    const test = files.write('test.tsv', 'u1\tp0\nu11\tp0\n');
    const evaluation = { ...request, test, protocol: 'topk' as const, metrics: ['ndcg@5'], tuneSeconds: 20 };
    const report = await runEvaluation(evaluation, tools);
    expect(report.params).toMatchObject({ neighbours: 5 });
    expect(report.tuning).toEqual({ objective: 'ndcg@5', trials: expect.any(Number) });
    expect(await runEvaluation({ ...evaluation, tuneSeconds: 0 }, tools)).not.toHaveProperty('tuning');
  });

  it.each([
    [{ algorithm: 'svd' }, 'unknownAlgorithm'],
    [{ params: { neighbors: 5 } }, 'invalidParams'],
    [{ objective: 'profit@10' }, 'unknownMetric'],
    [{ train: files.write('empty', '') }, 'emptyFile'],
    [{ train: files.missing('nowhere') }, 'fileNotReadable'],
  ])('refuses %j', async (change, code) => {
    await expect(runTuning({ ...request, ...change }, tools)).rejects.toMatchObject({ code });
  });

  it.each([
    '',
    'text',
    '{}',
    'null',
    '{"trials": [1]}',
    '{"trials": [{"params": {}, "rung": 0, "score": "1"}]}',
  ])('refuses %j as earlier trials', async (text) => {
    await expect(readTrials(files.write('previous', text), request)).rejects.toMatchObject({
      code: 'brokenLine',
    });
  });
});
