import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import { ConsoleOutput } from '../output/output.js';
import { createProgram } from '../program.js';

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const workDir = mkdtempSync(path.join(tmpdir(), 'nightshift-evaluate-'));
afterAll(() => rmSync(workDir, { recursive: true }));
writeFileSync(path.join(workDir, 'train.csv'), 'u1,a,5\nu2,a,4\nu3,a,1\nu1,b,2\nu2,b,5\n');
writeFileSync(path.join(workDir, 'test.csv'), 'u3,b,3\n');
writeFileSync(path.join(workDir, 'broken.csv'), 'u1,a,5\nu2,a,many\n');

/** Types a command in the folder of the files. */
async function type(...args: string[]) {
  const [stdout, stderr] = [new Sink(), new Sink()];
  let exitCode: number | undefined;
  const program = createProgram(
    () => Promise.reject(new Error('nothing to connect to')),
    async ({ json }, work) => {
      exitCode = (await work({ output: new ConsoleOutput(json === true, stdout, stderr), workDir })) ?? 0;
    },
  );
  program.configureOutput({ writeErr: (text) => void (stderr.text += text) });
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync(['node', 'nightshift', 'evaluate', ...args]);
  return { exitCode, stderr: stderr.text, stdout: stdout.text };
}

const common = ['--algorithm', 'popularity', '--test', 'test.csv', '--protocol', 'topk', '--threads', '1'];

describe('nightshift evaluate', () => {
  test('ends with one line of JSON, whatever was said on the way', async () => {
    const { exitCode, stdout, stderr } = await type(
      ...common,
      '--train',
      'train.csv',
      '--metrics',
      'hr@1',
      '--json',
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual({
      algorithm: 'popularity',
      params: { exponent: 1 },
      protocol: 'topk',
      ...{ customers: 3, products: 2, interactions: 5, queries: 1 },
      metrics: { 'hr@1': 1 },
      intervals: { 'hr@1': [1, 1] },
      fitSeconds: expect.any(Number),
      scoreSeconds: expect.any(Number),
      peakRssMb: expect.any(Number),
      ...{ seed: 1, threads: 1 },
    });
    expect(stderr).toContain('train.csv: 5 rows');
  });

  test('is a table for people, with the usual metrics', async () => {
    const { stdout } = await type(...common, '--train', 'train.csv');
    expect(stdout).toMatch(/recall@20 +│ 1 +│ 1 +│ 1/);
  });

  test('names file, line and field of what it cannot read, and ends with 2', async () => {
    const { exitCode, stdout, stderr } = await type(...common, '--train', 'broken.csv', '--json');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: broken.csv, line 2, value: "many" is not a number.');
    expect(stderr).toContain('code: brokenLine');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'brokenLine', fields: [{ field: 'value' }] } });
  });

  test('refuses a misspelt parameter', async () => {
    const { exitCode, stderr } = await type(...common, '--train', 'train.csv', '--params', 'exponnent=1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('exponnent: is no parameter');
  });

  test.each([
    ['--protocol', 'best'],
    ['--format', 'xml'],
    ['--threads', '0'],
    ['--seed', '-1'],
    ['--no-such-option', '1'],
  ])('refuses %s %s', async (option, value) => {
    await expect(type(...common, '--train', 'train.csv', option, value)).rejects.toThrow(CommanderError);
  });
});
