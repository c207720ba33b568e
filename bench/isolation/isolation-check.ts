import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import pg from 'pg';
import { say, TestPlatform } from '../platform/test-platform.ts';
import { attackListKeys, attackPaths, type Programs } from './address-attacks.ts';
import type { ApiDocument } from './api-document.ts';
import { askOver, secretsOf } from './ask.ts';
import { attackCaches } from './cache-attacks.ts';
import { Canaries } from './canaries.ts';
import { catalogueFindings, CATALOGUE_RULES } from './catalogue.ts';
import { attackByCommand } from './cli-attacks.ts';
import { fillTenant } from './fill-tenant.ts';
import { attackWithForgedNames } from './forged-names.ts';
import { fuzz } from './fuzz-attacks.ts';
import { attackWithJobs } from './job-attacks.ts';
import { Ledger } from './ledger.ts';
import { attackByLoad } from './load-attacks.ts';
import { attackByLogins } from './login-attacks.ts';
import { TrialPeople } from './people.ts';
import type { Slowing } from './slowing.ts';
import { findPlantedLeaks } from './planted-leaks.ts';
import { jsonHeaders } from './fill-operation.ts';
import { RouteAttacks } from './route-attacks.ts';
import { SqlAttacks } from './sql-attacks.ts';
import { attackByTiming } from './timing-attacks.ts';
import type { TimingResult } from './timing.ts';
import { attackMetrics, judgeLogs, judgeRedis, listen, LogTail } from './traces.ts';
import type { Trial } from './trial-tenant.ts';
import { differences, Witness } from './witness.ts';

/** Keys, states and answers of B are noted within a minute; after that nothing of B may change. */
const QUIET_AFTER_MS = 65_000;
const REDIS_PREFIX = 'isolation';
/** A's limit: what it may ask is stated, so that what it may slow can be. */
const KEY_REQUESTS_PER_SECOND = 1_000;

export interface Options {
  readonly seed: number;
  readonly timingSamples: number;
  readonly without: readonly string[];
}

export interface Result {
  readonly attacks: number;
  readonly leaks: number;
  readonly plantedLeakCaught: boolean;
  readonly bySurface: Ledger['bySurface'];
  readonly planted: Readonly<Record<string, boolean>>;
  readonly operations: number;
  readonly timing: readonly TimingResult[];
  readonly slowing: readonly Slowing[];
  readonly seconds: number;
}

/** A whole platform with two tenants, and all attacks on it in order. */
export class IsolationCheck {
  private readonly platform: TestPlatform;
  private readonly admin: pg.Client;
  private readonly app: pg.Client;
  private readonly ledger = new Ledger();

  private constructor(platform: TestPlatform, admin: pg.Client, app: pg.Client) {
    this.platform = platform;
    this.admin = admin;
    this.app = app;
  }

  static async start(): Promise<IsolationCheck> {
    const platform = await TestPlatform.start({
      // Nothing of its own accord: what changes is changed by an attack.
      ...{ PLAN_MS: '0', ATTRIBUTE_MS: '0', REDIS_PREFIX },
      KEY_REQUESTS_PER_SECOND: String(KEY_REQUESTS_PER_SECOND),
    });
    const admin = new pg.Client({ connectionString: platform.adminUrl });
    const app = new pg.Client({ connectionString: platform.platform.environment.DATABASE_URL });
    await Promise.all([admin.connect(), app.connect()]);
    return new IsolationCheck(platform, admin, app);
  }

  async run(options: Options): Promise<Result> {
    const startMs = performance.now();
    const { ledger, platform, admin, app } = this;
    const { redisUrl, stateDir } = platform;
    const filledA = await fillTenant(platform, admin, 'a', 1);
    const b = await fillTenant(platform, admin, 'b', 2);
    const sessions = await new TrialPeople(admin).ofA(filledA, b);
    const a = { ...filledA, keys: { ...filledA.keys, ...sessions } };
    const filledAt = performance.now();
    say(`filled ${a.slug} and ${b.slug}`);
    const { runId, importId, exportId, keyId, erasureId, accountId, invitationId, visitId } = b.ids;
    const ids = [runId, importId, exportId, keyId, erasureId, accountId, invitationId, visitId].flat();
    const canaries = new Canaries([b.canary, ...ids, ...Object.values(b.keys).flatMap(secretsOf)]);
    const secrets = new Canaries([
      ...this.passwords(),
      ...[a, b].flatMap(({ keys }) => Object.values(keys).flatMap(secretsOf)),
    ]);
    const addresses = platform.platform.record.addresses as Record<'api' | 'serving' | 'worker', string>;
    const programs: Programs = { api: askOver(addresses.api), serving: askOver(addresses.serving) };
    const witness = await Witness.of(admin, b.id, stateDir);
    let before = await witness.look();
    let quiet = false;
    const changesOfB = async () => differences(before, await witness.look(quiet));
    const trial: Trial = { a, b, canaries, written: new Set(), changesOfB };
    const tail = new LogTail(path.join(stateDir, 'logs'));
    const results = { operations: 0, timing: [] as TimingResult[], slowing: [] as Slowing[] };
    const part = async (name: string, work: () => Promise<unknown>) => {
      if (options.without.includes(name)) return;
      const [attacks, leaks] = [ledger.attacks, ledger.leaks.length];
      await work();
      say(`${name}: ${ledger.attacks - attacks} attacks, ${ledger.leaks.length - leaks} leaks`);
      for (const leak of ledger.leaks.slice(leaks)) say(`✘ ${JSON.stringify(leak)}`);
    };

    await part('catalogue', async () => {
      for (const { rule } of CATALOGUE_RULES) ledger.judged('catalogue', rule, []);
      for (const finding of await catalogueFindings(admin)) ledger.found('catalogue', 'all rules', finding);
    });
    await part('sql', () => new SqlAttacks(app, trial, ledger).run(admin));
    const { ACCOUNTS_DATABASE_URL: accounts, SERVING_DATABASE_URL: serving } = platform.platform.environment;
    await part('logins', () => attackByLogins({ accounts, serving }, admin, trial, ledger));
    await part('jobs', () => attackWithJobs(redisUrl, REDIS_PREFIX, admin, trial, ledger));
    await part('cli', () => attackByCommand(platform.platform.environment, trial, ledger));
    const night = () => platform.cli('run', '--tenant', a.slug, '--wait');
    await part('files', () =>
      attackWithForgedNames({ trial, ledger, app, admin, ...programs, stateDir, night }),
    );
    await sleep(Math.max(0, QUIET_AFTER_MS - (performance.now() - filledAt)));
    before = await witness.look(true);
    quiet = true;
    await part('routes', async () => {
      for (const name of ['serving', 'api'] as const) {
        const document = (await (await fetch(`${addresses[name]}/docs/openapi.json`)).json()) as ApiDocument;
        results.operations += await new RouteAttacks(document, programs[name], trial, ledger).run();
      }
    });
    await part('paths', () => attackPaths(programs, trial, ledger));
    await part('lists', () => attackListKeys(programs, trial, ledger));
    await part('fuzz', () => fuzz(programs, trial, ledger, options.seed));
    for (const change of await changesOfB()) ledger.found('paths', 'all of them', change);
    await part('logs', async () => judgeLogs(tail, trial, secrets, ledger));
    quiet = false;
    before = await witness.look();
    await this.settleA(programs, trial);
    await part('caches', () => attackCaches(programs, addresses, trial, ledger));
    await part('metrics', () => attackMetrics(addresses, trial, ledger));
    await part('redis', async () => {
      await judgeRedis(redisUrl, trial, secrets, ledger);
      const heard = await listen(redisUrl, () => this.moveB(programs, trial));
      const findings = heard
        .flatMap((message) => canaries.findIn(message))
        .concat(heard.length === 0 ? ['heard nothing'] : []);
      ledger.judged('redis', 'every message while B changes its state', findings);
    });
    await part('timing', async () => {
      results.timing = await attackByTiming(
        ...([programs, addresses.api, admin, trial, ledger, options.timingSamples] as const),
      );
    });
    await part('load', async () => {
      results.slowing = await attackByLoad(addresses, trial, ledger);
    });
    before = await witness.look();
    const planted = await findPlantedLeaks({
      ...{ trial, admin, app, redisUrl, stateDir, secrets },
      accountsUrl: accounts,
    });
    say(`planted leaks: ${JSON.stringify(planted)}`);
    return {
      ...{ attacks: ledger.attacks, leaks: ledger.leaks.length },
      plantedLeakCaught: Object.values(planted).every((caught) => caught),
      ...{ bySurface: ledger.bySurface, planted, ...results },
      seconds: Math.round((performance.now() - startMs) / 1000),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.end(), this.app.end()]);
    await this.platform.close();
  }

  /** Attacks have left A frozen, or with rules of theirs: what follows compares A with itself. */
  private async settleA({ api }: Programs, { a }: Trial): Promise<void> {
    const put = (part: string, body: object) =>
      api({
        method: 'PUT',
        path: `/v1/tenants/${a.slug}${part}`,
        headers: jsonHeaders(a.keys.all),
        body: JSON.stringify(body),
      });
    await put('/lifecycle', { state: 'on', reason: 'after the attacks' });
    await put('/rules', { rules: [], reason: 'after the attacks' });
    await sleep(2_500);
  }

  private async moveB({ api }: Programs, { b }: Trial): Promise<void> {
    for (const state of ['frozen', 'on']) {
      const body = JSON.stringify({ state, reason: `${b.canary} moves` });
      await api({
        method: 'PUT',
        path: `/v1/tenants/${b.slug}/lifecycle`,
        headers: jsonHeaders(b.keys.all),
        body,
      });
      await sleep(1_500);
    }
  }

  private passwords(): string[] {
    return Object.values(this.platform.platform.environment).flatMap((value) => {
      const password = /^postgres\w*:\/\/[^:]+:([^@]+)@/.exec(value)?.[1];
      return password === undefined ? [] : [password, decodeURIComponent(password)];
    });
  }
}
