import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { choosePostgresPlace, isTraversableByOthers } from './postgres-place.ts';
import { findRunningPostgres } from './postgres-pid-file.ts';
import { restartPostgres, startPostgres } from './postgres.ts';
import { identifyProcess, isSameProcessAlive } from './processes.ts';
import { flushRedis, restartRedis, startRedis } from './redis.ts';
import { startServices } from './services.ts';

const programDir = path.resolve('.nightshift/redis-server');

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url.replace(/\/nightshift$/, '/postgres') });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('services', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-services-'));
    chmodSync(dir, 0o755);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('PostgreSQL survives its starter: it is taken over, also by one who lost the password', async () => {
    const first = await startPostgres(dir);
    let last = first;
    try {
      await query(first.url, 'CREATE TABLE kept (id int)');
      const second = await startPostgres(dir);
      expect(second.adopted).toBe(true);
      expect(second.identity).toEqual(first.identity);
      rmSync(path.join(dir, 'postgres.json'));
      last = await startPostgres(dir);
      expect(last.adopted).toBe(false);
      expect(last.url).not.toBe(first.url);
      expect(await query(last.url, 'SELECT * FROM kept')).toEqual([]);
    } finally {
      await last.stop();
    }
    expect(isSameProcessAlive(last.identity)).toBe(false);
  }, 60_000);

  it('PostgreSQL comes back at the same address after a crash, with what was committed', async () => {
    const first = await startPostgres(dir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS id');
    const second = await restartPostgres(dir, { hard: true });
    try {
      expect(second.url).toBe(first.url);
      expect(await query(second.url, 'SELECT * FROM kept')).toEqual([{ id: 1 }]);
    } finally {
      await second.stop();
    }
  }, 60_000);

  it('a postmaster.pid that names a stranger stops nobody', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const first = await startPostgres(dir);
    const { dataDir } = choosePostgresPlace(dir);
    const pidFile = path.join(dataDir, 'postmaster.pid');
    const content = readFileSync(pidFile, 'utf8');
    await first.stop();
    writeFileSync(pidFile, content.replace(/^\d+/, String(stranger.pid)));
    try {
      expect(findRunningPostgres(dataDir)).toBeUndefined();
      const second = await startPostgres(dir);
      await second.stop();
      expect(identifyProcess(stranger.pid!)).toBeDefined();
    } finally {
      stranger.kill('SIGKILL');
    }
  }, 60_000);

  it('an interrupted initdb is done again', async () => {
    const { dataDir } = choosePostgresPlace(dir);
    mkdirSync(path.join(dataDir, 'base'), { recursive: true });
    writeFileSync(path.join(dataDir, 'PG_VERSION'), '18\n');
    const postgres = await startPostgres(dir);
    await postgres.stop();
  }, 60_000);

  it('Redis: a hard-killed predecessor is replaced at the same address, and restarts empty', async () => {
    const first = await startRedis(dir, { programDir });
    const second = await startRedis(dir, { programDir, portPatienceMs: 5_000 });
    expect(second.url).toBe(first.url);
    expect(isSameProcessAlive(first.identity)).toBe(false);
    await flushRedis(second.url);
    const third = await restartRedis(dir, { programDir });
    expect(third.url).toBe(first.url);
    await third.stop();
    expect(isSameProcessAlive(third.identity)).toBe(false);
  }, 60_000);

  it("starts nothing when one's own servers are named", async () => {
    const env = { DATABASE_URL: 'postgresql://mine/db', REDIS_URL: 'redis://mine' };
    const services = await startServices({ stateDir: dir, env });
    expect(services).toMatchObject({ databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, processes: [] });
    await services.stop();
  });

  it('knows which folders other users may enter', () => {
    mkdirSync(path.join(dir, 'closed/inside'), { recursive: true });
    chmodSync(path.join(dir, 'closed'), 0o700);
    expect(isTraversableByOthers(dir)).toBe(true);
    expect(isTraversableByOthers(path.join(dir, 'closed/inside/not-there-yet'))).toBe(false);
  });

  it('as root, keeps the data where the PostgreSQL user may go', async () => {
    if (process.getuid?.() !== 0) return;
    const closed = path.join(dir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const stateDir = path.join(closed, '.nightshift');
    const place = choosePostgresPlace(stateDir);
    try {
      expect(place.note).toContain(place.dataDir);
      expect(isTraversableByOthers(path.dirname(place.dataDir))).toBe(true);
      const postgres = await startPostgres(stateDir);
      await postgres.stop();
    } finally {
      rmSync(path.dirname(place.dataDir), { recursive: true, force: true });
    }
  }, 60_000);
});
