import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from '../services/ports.ts';
import { isSameProcessAlive } from '../services/processes.ts';
import { Program } from './program.ts';
import { RestartPauses } from './restart-pauses.ts';
import { writeStandInPrograms } from './stand-in-program.ts';

describe('Program', () => {
  let dir: string;
  let url: string;
  let program: Program;
  let messages: string[];

  beforeEach(async () => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-program-'));
    writeStandInPrograms(dir);
    messages = [];
    const port = await choosePort([]);
    url = `http://127.0.0.1:${port}`;
    program = new Program({
      name: 'serving',
      script: path.join(dir, 'apps/serving/src/main.js'),
      env: { PATH: process.env.PATH, SERVING_PORT: String(port) },
      readyUrl: `${url}/health/ready`,
      liveness: { url: `${url}/health/live`, intervalMs: 50, timeoutMs: 200 },
      logDir: path.join(dir, 'logs'),
      pauses: new RestartPauses({ firstMs: 1, longMs: 50 }),
      report: (message) => void messages.push(message),
    });
    await program.start();
  });
  afterEach(async () => {
    await program.stop({ hard: true });
    rmSync(dir, { recursive: true, force: true });
  });

  /** The process id that answers, once it is another than before. */
  async function answeredBy(other: number): Promise<number> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const text = await fetch(url).then(
        (response) => response.text(),
        () => '',
      );
      if (text !== '' && Number(text) !== other) return Number(text);
      await sleep(25);
    }
    throw new Error(`Nobody else answers. ${messages.join('\n')}`);
  }

  it('kills and restarts what spins without ever ending', async () => {
    const hung = program.identity!;
    void fetch(`${url}/hang`).catch(() => {});
    const after = await answeredBy(hung.pid);
    expect(isSameProcessAlive(hung)).toBe(false);
    expect(program.identity!.pid).toBe(after);
    expect(messages.join('\n')).toMatch(/has not answered 3 times[^]*ended unexpectedly \(SIGKILL\)/);
  });

  it('leaves alone what answers', async () => {
    const { pid } = program.identity!;
    await sleep(600);
    expect(program.identity!.pid).toBe(pid);
    expect(messages).toEqual([]);
  });

  it('never gives up what dies again and again', async () => {
    let { pid } = program.identity!;
    for (let death = 0; death < 8; death++) {
      await fetch(`${url}/die`).catch(() => {});
      pid = await answeredBy(pid);
    }
    expect(messages.filter((message) => message.includes('too often'))).toHaveLength(3);
    await program.stop();
    expect(isSameProcessAlive(program.identity!)).toBe(false);
  });
});

describe('RestartPauses', () => {
  it('doubles, then waits half a minute each time, and starts over after a minute of health', () => {
    const pauses = new RestartPauses();
    pauses.noteStart(0);
    const inARow = Array.from({ length: 7 }, () => pauses.next(1_000));
    expect(inARow).toEqual([250, 500, 1_000, 2_000, 4_000, 30_000, 30_000]);
    pauses.noteStart(40_000);
    expect(pauses.next(70_000)).toBe(30_000);
    pauses.noteStart(100_000);
    expect(pauses.next(160_001)).toBe(250);
  });
});
