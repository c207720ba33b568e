import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { isSameProcessAlive, type ProcessIdentity } from '../services/processes.ts';
import { startServices, type Services } from '../services/services.ts';
import { readRecord } from './launcher-record.ts';
import { Platform } from './platform.ts';
import { writeStandInPrograms } from './stand-in-program.ts';
import { ServiceSupervisor } from './service-supervisor.ts';

const redisProgramDir = path.resolve('.nightshift/redis-server');

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 50_000; !(await condition());) {
    if (Date.now() > end) throw new Error('Not in time.');
    await sleep(50);
  }
}

async function isPostgresThere(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url.replace(/\/nightshift$/, '/postgres') });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query('SELECT 1')).rowCount === 1;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function isRedisThere(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

describe('a platform whose services are killed', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-killed-'));
    chmodSync(dir, 0o755);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('has them back at the same addresses, and an ordered stop ends the new ones', async () => {
    const stateDir = path.join(dir, 'state');
    const messages: string[] = [];
    writeStandInPrograms(path.join(dir, 'dist'));
    let databaseUrl = '';
    const platform = new Platform({
      stateDir,
      distDir: path.join(dir, 'dist'),
      redisProgramDir,
      report: (message) => void messages.push(message),
      env: { PATH: process.env.PATH },
      provision: async (url) => {
        databaseUrl = url;
        return { app: url, platform: url, serving: url, accounts: url };
      },
    });
    const recorded = (): ProcessIdentity =>
      readRecord(stateDir)!.children.find(({ name }) => name === 'redis')!.identity;
    let revived: ProcessIdentity | undefined;
    try {
      await platform.start();
      const redisUrl = platform.environment.REDIS_URL!;
      const killed = recorded();
      process.kill(killed.pid, 'SIGKILL');
      await until(() => recorded().pid !== killed.pid);
      revived = recorded();
      expect(await isRedisThere(redisUrl)).toBe(true);

      const client = new pg.Client({
        connectionString: databaseUrl.replace(/\/nightshift$/, '/postgres'),
      });
      client.on('error', () => {});
      await client.connect();
      const { rows } = await client.query<{ pid: string }>(
        `SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1) AS pid`,
      );
      process.kill(Number(rows[0]!.pid), 'SIGKILL');
      await client.end().catch(() => {});
      await until(() => messages.includes('✔ postgres is back'));
      expect(await isPostgresThere(databaseUrl)).toBe(true);
    } finally {
      await platform.stop();
    }
    expect(isSameProcessAlive(revived)).toBe(false);
    expect(await isPostgresThere(databaseUrl)).toBe(false);
    expect(messages.join('\n')).toMatch(/redis ended unexpectedly[^]*postgres ended unexpectedly/);
  }, 120_000);

  it('goes on trying until the service comes up', async () => {
    const services = await startServices({
      stateDir: dir,
      env: { DATABASE_URL: 'postgresql://mine/db' },
      redisProgramDir,
    });
    const [{ identity }] = services.processes as [Services['processes'][number]];
    const messages: string[] = [];
    let attempts = 0;
    const failing: Services = {
      ...services,
      get processes() {
        return services.processes;
      },
      revive: (name) => {
        attempts += 1;
        return attempts < 3 ? Promise.reject(new Error('port taken')) : services.revive(name);
      },
    };
    const supervisor = new ServiceSupervisor(failing, {
      report: (message) => void messages.push(message),
      onChange: () => {},
    });
    try {
      process.kill(identity.pid, 'SIGKILL');
      await until(() => isRedisThere(services.redisUrl));
      expect(attempts).toBe(3);
      expect(messages.filter((message) => message.includes('port taken'))).toHaveLength(2);
    } finally {
      await supervisor.stop();
      await services.stop();
    }
    expect(await isRedisThere(services.redisUrl)).toBe(false);
  }, 120_000);
});
