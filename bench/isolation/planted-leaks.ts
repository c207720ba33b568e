import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { plantedCache, plantedGrant, plantedHog } from './planted-walls.ts';
import type { ApiDocument } from './api-document.ts';
import { askOver } from './ask.ts';
import type { Canaries } from './canaries.ts';
import { catalogueFindings } from './catalogue.ts';
import { seededRandom } from './fuzz-attacks.ts';
import { Ledger } from './ledger.ts';
import { RouteAttacks } from './route-attacks.ts';
import { SqlAttacks } from './sql-attacks.ts';
import { compareTimes } from './timing.ts';
import { judgeLogs, judgeMetrics, judgeRedis, LogTail } from './traces.ts';
import { neverGiven, type Trial } from './trial-tenant.ts';

const RUN = { name: 'runId', in: 'path' } as const;
const TENANT = { name: 'tenant', in: 'path' } as const;
const PATHS = {
  leak: '/v1/tenants/{tenant}/leak/{runId}',
  oracle: '/v1/tenants/{tenant}/oracle/{runId}',
  stray: '/v1/tenants/{tenant}/stray/{runId}',
  session: '/v1/tenants/{tenant}/session',
  forged: '/v1/tenants/{tenant}/forged',
};
const DOCUMENT: ApiDocument = {
  paths: {
    [PATHS.leak]: { get: { parameters: [TENANT, RUN] } },
    [PATHS.oracle]: { get: { parameters: [TENANT, RUN] } },
    [PATHS.stray]: { put: { parameters: [TENANT, RUN] } },
    [PATHS.session]: { get: { parameters: [TENANT] } },
    [PATHS.forged]: { put: { parameters: [TENANT] } },
  },
};

export interface Ground {
  readonly trial: Trial;
  readonly admin: pg.Client;
  readonly app: pg.Client;
  readonly redisUrl: string;
  readonly stateDir: string;
  readonly secrets: Canaries;
  readonly accountsUrl: string;
}

/** Queries without a scope that exist here alone: whoever does not find them finds nothing elsewhere either. */
export async function findPlantedLeaks(all: Ground): Promise<Record<string, boolean>> {
  // As if A had not written anything yet.
  const ground = { ...all, trial: { ...all.trial, written: new Set<string>() } };
  const { trial, admin, app } = ground;
  const server = await startLeakyServer(admin, trial);
  const ask = askOver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const caught: Record<string, boolean> = {};
  try {
    for (const [name, planted] of Object.entries(PATHS)) {
      const ledger = new Ledger();
      await new RouteAttacks(DOCUMENT, ask, trial, ledger).run(({ path: of }) => of === planted);
      caught[name] = ledger.leaks.some(({ finding }) => finding.startsWith(EXPECTED[name] ?? '?'));
      await admin.query(`UPDATE customer SET region = replace(region, '!', '') WHERE tenant_id = $1`, [
        trial.b.id,
      ]);
    }
    const run = (id: string) => ({ method: 'GET', path: `/v1/tenants/${trial.a.slug}/slow/${id}` });
    const questions = {
      existing: run(trial.b.ids.runId[0]),
      invented: run(neverGiven(trial.b.ids.runId[0])),
    };
    caught.timing = (await compareTimes('planted', ask, questions, 300, seededRandom(1))).isDistinguishable;
  } finally {
    server.close();
    server.closeAllConnections();
  }
  caught.table = await plantedTable(admin, app, trial);
  caught.login = await plantedGrant(ground);
  caught.cache = await plantedCache(trial);
  caught.load = await plantedHog();
  Object.assign(caught, await plantedTraces(ground));
  return caught;
}

const EXPECTED: Readonly<Record<string, string>> = {
  ...{ leak: 'canary', oracle: 'differs', stray: 'changed' },
  session: 'answered 200 at another',
  forged: 'answered 204 to a forged form',
};

async function startLeakyServer(admin: pg.Client, { b }: Trial): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    const [, , , , what = '', id = ''] = decodeURIComponent(request.url ?? '').split('/');
    const { cookie, 'x-csrf-token': csrfToken } = request.headers;
    // Any cookie will do; and a cookie without what belongs to it.
    if (what === 'session') return void response.writeHead(cookie === undefined ? 401 : 200).end();
    const isOfB = cookie !== undefined && b.keys['session: admin'].includes(cookie);
    if (what === 'forged') return void response.writeHead(isOfB && csrfToken !== undefined ? 204 : 404).end();
    void answer(what, id).then(
      ([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(400).end(),
    );
  });
  const answer = async (what: string, id: string): Promise<[number, object]> => {
    const { rows } = await admin.query<{ tenant_id: number }>('SELECT * FROM run WHERE run_id::text = $1', [
      id,
    ]);
    if (rows.length === 0) return [404, { detail: 'There is no such run.' }];
    if (what === 'leak') return [200, rows[0]];
    if (what === 'slow') await sleep(1);
    if (what === 'stray')
      await admin.query(`UPDATE customer SET region = region || '!' WHERE tenant_id = $1`, [b.id]);
    return [404, { detail: what === 'oracle' ? 'That run is not yours.' : 'There is no such run.' }];
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A table that somebody forgot, and what makes rows pass a policy. */
async function plantedTable(admin: pg.Client, app: pg.Client, trial: Trial): Promise<boolean> {
  const before = await catalogueFindings(admin);
  await admin.query(`CREATE TABLE planted_leak (tenant_id integer NOT NULL, text text, PRIMARY KEY (tenant_id));
    GRANT SELECT ON planted_leak TO nightshift_app;
    CREATE MATERIALIZED VIEW planted_copy AS SELECT * FROM customer; GRANT SELECT ON planted_copy TO nightshift_app;
    CREATE VIEW planted_view AS SELECT * FROM customer; GRANT SELECT ON planted_view TO nightshift_app;
    CREATE FUNCTION planted_function() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM customer'`);
  try {
    await admin.query('INSERT INTO planted_leak VALUES ($1, $2)', [trial.b.id, trial.b.canary]);
    const ledger = new Ledger();
    const attacks = new SqlAttacks(app, trial, ledger);
    for (const table of ['planted_leak', 'planted_view', 'planted_copy']) await attacks.attackTable(table);
    const found = (await catalogueFindings(admin)).filter((finding) => !before.includes(finding));
    const objects = ['planted_leak', 'planted_copy', 'planted_view', 'planted_function'];
    const isNamed = objects.every((name) => found.some((finding) => finding.startsWith(`${name}:`)));
    const isSeen = ['planted_leak', 'planted_view', 'planted_copy'].every((name) =>
      ledger.leaks.some(({ attack }) => attack.includes(name)),
    );
    return isNamed && isSeen;
  } finally {
    await admin.query(
      'DROP TABLE planted_leak; DROP MATERIALIZED VIEW planted_copy; DROP VIEW planted_view; DROP FUNCTION planted_function()',
    );
  }
}

async function plantedTraces({
  trial,
  stateDir,
  redisUrl,
  secrets,
}: Ground): Promise<Record<string, boolean>> {
  const ledger = new Ledger();
  const folder = path.join(stateDir, 'planted-logs');
  mkdirSync(folder);
  appendFileSync(path.join(folder, 'a.log'), 'before\n');
  const tail = new LogTail(folder);
  appendFileSync(path.join(folder, 'a.log'), `${trial.b.canary} region\n${trial.a.keys.all}\n`);
  judgeLogs(tail, trial, secrets, ledger);
  rmSync(folder, { recursive: true });
  const lines = ledger.leaks.length;
  judgeMetrics('planted', `x_total{tenant="${trial.b.slug}"} 1\n`, trial, ledger);
  const metrics = ledger.leaks.length - lines;
  const redis = new Redis(redisUrl);
  await redis.set('planted', JSON.stringify({ name: `${trial.b.canary} Ltd` }));
  const known = ledger.leaks.length;
  await judgeRedis(redisUrl, trial, secrets, ledger);
  await redis.del('planted');
  redis.disconnect();
  return { logs: lines === 2, metrics: metrics > 0, redis: ledger.leaks.length > known };
}
