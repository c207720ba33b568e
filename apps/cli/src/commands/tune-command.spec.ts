import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ConsoleOutput } from '../output/output.js';
import { createProgram } from '../program.js';

const workDir = mkdtempSync(path.join(tmpdir(), 'nightshift-tune-'));
afterAll(() => rmSync(workDir, { recursive: true }));
const rows = Array.from({ length: 90 }, (_, e) => `u${e % 30},p${(e * 7 + (e % 30)) % 9}\n`);
writeFileSync(path.join(workDir, 'train.csv'), rows.join(''));

/** Types a command in the folder of the file; what it prints. */
async function tune(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let exitCode: number | undefined;
  const program = createProgram(
    () => Promise.reject(new Error('nothing to connect to')),
    async ({ json }, work) => {
      exitCode = (await work({ output: new ConsoleOutput(json === true, stdout, stderr), workDir })) ?? 0;
    },
  );
  const common = ['--algorithm', 'item-cf', '--train', 'train.csv', '--seconds', '1', '--threads', '1'];
  await program.parseAsync(['node', 'nightshift', 'tune', ...common, ...args]);
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) };
}

describe('nightshift tune', () => {
  test('ends with one line of JSON, from which another search goes on', async () => {
    const { exitCode, stdout, stderr } = await tune('--params', 'neighbours=4', '--json');
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(report).toMatchObject({ algorithm: 'item-cf', params: { neighbours: 4 }, customers: 30 });
    expect(stderr).toContain('trial 1, rung 0, ndcg@10');
    writeFileSync(path.join(workDir, 'previous.json'), stdout);
    expect((await tune('--previous', 'previous.json')).stdout).toContain('ndcg@10 on held-out pairs');
  });

  test('says what was wrong, and ends with 2', async () => {
    const { exitCode, stdout } = await tune('--objective', 'profit', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unknownMetric' } });
  });
});
