import { mkdtempSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { identifyProcess, isSameProcessAlive } from '../services/processes.ts';
import {
  endLeftovers,
  newRecord,
  readLivingRecord,
  readRecord,
  recordFileOf,
  writeRecord,
} from './launcher-record.ts';
import { Platform } from './platform.ts';
import { FAILING_PROGRAM, writeStandInPrograms } from './stand-in-program.ts';

describe('Platform', () => {
  let dir: string;
  let messages: string[];
  const platforms: Platform[] = [];

  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-platform-'));
    messages = [];
  });
  afterEach(async () => {
    for (const platform of platforms.splice(0)) await platform.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  function create(env: NodeJS.ProcessEnv = {}): Platform {
    const platform = new Platform({
      stateDir: path.join(dir, 'state'),
      distDir: path.join(dir, 'dist'),
      report: (message) => void messages.push(message),
      // Servers of one's own: nothing is started for them.
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: 'postgresql://admin@db/x',
        REDIS_URL: 'redis://r',
        ...env,
      },
      provision: async () => ({
        app: 'app-url',
        platform: 'platform-url',
        serving: 'serving-url',
        accounts: 'accounts-url',
      }),
    });
    platforms.push(platform);
    return platform;
  }

  it('starts every program with its environment, and leaves no process', async () => {
    writeStandInPrograms(path.join(dir, 'dist'));
    const platform = create();
    await platform.start();
    const seen = (await (
      await fetch(`${platform.record.addresses.serving}/environment`)
    ).json()) as NodeJS.ProcessEnv;
    expect(seen).toMatchObject({
      DATABASE_URL: 'app-url',
      PLATFORM_DATABASE_URL: 'platform-url',
      SERVING_DATABASE_URL: 'serving-url',
      ACCOUNTS_DATABASE_URL: 'accounts-url',
      REDIS_URL: 'redis://r',
    });
    const stateDir = path.join(dir, 'state');
    expect(statSync(recordFileOf(stateDir)).mode & 0o777).toBe(0o600);
    const started = platform.programs.map(({ identity }) => identity!);
    expect(started.every(isSameProcessAlive)).toBe(true);
    await platform.stop();
    expect(started.some(isSameProcessAlive)).toBe(false);
    expect(readRecord(stateDir)).toMatchObject({ children: [], environment: {} });
  });

  it('takes other ports when the usual ones are taken', async () => {
    const blocker: Server = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const taken = (blocker.address() as { port: number }).port;
    try {
      writeStandInPrograms(path.join(dir, 'dist'));
      const platform = create({
        API_PORT: String(taken),
        SERVING_PORT: String(taken),
        WORKER_PORT: String(taken),
      });
      await platform.start();
      const ports = Object.values(platform.record.addresses).map((address) => Number(new URL(address).port));
      expect(ports).not.toContain(taken);
      expect(new Set(ports).size).toBe(3);
    } finally {
      blocker.close();
    }
  });

  it('shows the last words of a program that does not start, and stops the others', async () => {
    writeStandInPrograms(path.join(dir, 'dist'), { serving: FAILING_PROGRAM });
    const platform = create();
    await expect(platform.start()).rejects.toThrow(/serving ended while starting[^]*the reason why/);
    const api = platform.programs[0]!.identity!;
    await platform.stop();
    expect(isSameProcessAlive(api)).toBe(false);
  });

  it('restarts a program that dies', async () => {
    writeStandInPrograms(path.join(dir, 'dist'));
    const platform = create();
    await platform.start();
    const address = platform.record.addresses.worker!;
    const before = await (await fetch(address)).text();
    await fetch(`${address}/die`).catch(() => {});
    let after: string | undefined;
    for (const end = Date.now() + 30_000; Date.now() < end && after === undefined;) {
      await sleep(50);
      after = await fetch(address).then(
        (response) => response.text(),
        () => undefined,
      );
    }
    expect(Number(after)).toBeGreaterThan(0);
    expect(after).not.toBe(before);
    expect(messages.join('\n')).toMatch(/worker ended unexpectedly \(code 3\)/);
    expect(readRecord(path.join(dir, 'state'))!.children.map(({ identity }) => identity.pid)).toContain(
      Number(after),
    );
  });

  it('ends what a hard-killed predecessor left, and nothing that merely has its process id', async () => {
    const leftover = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000) // left-over'], {
      stdio: 'ignore',
    });
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000) // stranger'], {
      stdio: 'ignore',
    });
    try {
      await sleep(50);
      const stateDir = path.join(dir, 'state');
      const identity = identifyProcess(stranger.pid!)!;
      writeRecord(stateDir, {
        ...newRecord(),
        launcher: { pid: 999_999_999, startedAt: 'long ago' },
        children: [
          { name: 'api', identity: identifyProcess(leftover.pid!)!, command: 'left-over' },
          { name: 'serving', identity: { ...identity, startedAt: 'another time' }, command: 'stranger' },
          { name: 'worker', identity, command: 'dist/apps/worker/src/main.js' },
        ],
      });
      expect(readLivingRecord(stateDir)).toBeUndefined();
      expect(await endLeftovers(readRecord(stateDir)!)).toEqual(['api']);
      expect(identifyProcess(leftover.pid!)).toBeUndefined();
      expect(isSameProcessAlive(identity)).toBe(true);
    } finally {
      leftover.kill('SIGKILL');
      stranger.kill('SIGKILL');
    }
  });

  it('keeps the log of the start before', async () => {
    writeStandInPrograms(path.join(dir, 'dist'));
    for (let start = 0; start < 2; start++) {
      const platform = create();
      await platform.start();
      await platform.stop();
    }
    const log = path.join(dir, 'state/logs/api.log');
    expect(readFileSync(log, 'utf8')).toContain('api starts');
    expect(existsSync(`${log}.1`)).toBe(true);
  });
});
