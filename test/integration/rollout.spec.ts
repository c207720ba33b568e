import { randomUUID } from 'node:crypto';
import {
  RolloutService,
  rolloutPosition,
  RunService,
  TemplateService,
  verifyAuditTrail,
  type InteractionRecord,
  type Rollout,
  type Tenant,
} from '#libs/domain';
import {
  PostgresAuditRepository,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
  PostgresFleetTrailRepository,
  PostgresLifecycleRepository,
  PostgresRolloutRepository,
  PostgresTemplateRepository,
} from '#libs/persistence';
import { greenGrocer, simulateWorld } from '#libs/simulator';
import { createTestDatabase, createTestTenant, TestNights, type TestDatabase } from '#libs/testing';
import { nightToItsEnd } from './night-to-its-end.js';
import { newPurchase } from './grocer-nights.js';

// Real nights of a fleet of eight: three of them try a new template version first.

const LONG_MS = 300_000;

const SHARES = [3 / 8, 1];
const world = simulateWorld(greenGrocer, {
  seed: 3,
  untilDate: new Date('2026-11-01T00:00:00Z'),
  scale: 0.03,
});
const interactions = [...world.interactions()] as InteractionRecord[];
const BAD = { algorithms: ['popularity', 'ials'], params: { ials: { factors: -1 } } };
/** Promotes whatever comes, and what comes knows a single taste. */
const WORSE = {
  algorithms: ['popularity', 'ials'],
  params: { ials: { factors: 4, sweeps: 1 } },
  recipe: { algorithm: 'ials', params: {} },
  gate: { refreshMargin: 1, ndcgMargin: 1, coverageMargin: 1 },
};

let database: TestDatabase;
let nights: TestNights;
let templates: TemplateService;
let rollouts: RolloutService;
let repository: PostgresRolloutRepository;
let tenants: Tenant[];

beforeAll(async () => {
  database = await createTestDatabase(process.env);
  nights = await TestNights.open(database);
  const templateRepository = new PostgresTemplateRepository(database.platform);
  templates = new TemplateService(templateRepository);
  repository = new PostgresRolloutRepository(database.platform);
  rollouts = new RolloutService(repository, templateRepository, randomUUID, () => 0.25);
  tenants = [];
  for (let number = 0; number < 8; number++) {
    const tenant = await createTestTenant(database);
    await nights.load(tenant, interactions);
    tenants.push(tenant);
  }
}, LONG_MS);
afterAll(async () => {
  await nights?.close();
  await database?.close();
});

const versions = async (): Promise<Map<string, number>> => {
  const all = await new PostgresFleetTenantRepository(database.platform).list();
  return new Map(all.map(({ slug, templateVersion }) => [slug, templateVersion]));
};
const now = async (tenant: Tenant): Promise<Tenant> => ({
  ...tenant,
  templateVersion: (await versions()).get(tenant.slug)!,
});
const firstOf = ({ seed, steps }: Rollout) =>
  tenants.filter(({ id }) => rolloutPosition(seed, id) <= steps[0].cutoff);

/** One night of everybody, by the version that each has. */
async function night(): Promise<string[]> {
  const outcomes = [];
  for (const tenant of tenants) {
    const { productId, customerId } = interactions[100];
    await nights.load(tenant, [newPurchase('new', customerId!, productId)]);
    outcomes.push(await nightToItsEnd(database, nights, await now(tenant)));
  }
  return outcomes;
}

describe('a template that fails', () => {
  let bad: number;
  let rollout: Rollout;

  it('is registered as data, refused where its shape is wrong', async () => {
    const { version } = await templates.register(BAD, 'fewer factors', 'Olga <olga@platform.example>');
    bad = version;
    expect(version).toBe(2);
    await expect(templates.register({ seed: 1 }, 'x', 'olga')).rejects.toMatchObject({
      code: 'invalidTemplate',
    });
    await expect(templates.register({}, ' ', 'olga')).rejects.toMatchObject({ code: 'reasonRequired' });
  });

  it(
    'reaches the first share and nobody else, and runs record it',
    async () => {
      expect((await night()).every((outcome) => outcome === 'promoted')).toBe(true);
      rollout = await rollouts.start({
        ...{ templateVersion: bad, reason: 'cheaper nights', actor: 'Olga <olga@platform.example>' },
        shares: SHARES,
      });
      const first = firstOf(rollout);
      expect(first).toHaveLength(3);
      const given = await versions();
      for (const { slug } of tenants) {
        const expected = first.some((tenant) => tenant.slug === slug) ? bad : 1;
        expect([slug, given.get(slug)]).toEqual([slug, expected]);
      }
      const { run } = await new RunService(nights.runs).request(await now(first[0]), { requestedBy: 'kim' });
      expect(run.templateVersion).toBe(bad);
      await expect(
        rollouts.start({ templateVersion: bad, reason: 'again', actor: 'olga' }),
      ).rejects.toMatchObject({ code: 'rolloutRunning' });
      await expect(rollouts.widen(rollout.rolloutId, 'faster', 'olga')).rejects.toMatchObject({
        code: 'notEnoughNights',
      });
      await expect(rollouts.complete(rollout.rolloutId, 'done', 'olga')).rejects.toMatchObject({
        code: 'notFullyRolledOut',
      });
    },
    LONG_MS,
  );

  it('is not stopped before a night has told anything', async () => {
    expect(await rollouts.watch()).toBe(false);
    expect(await repository.running()).toMatchObject({ looks: 0 });
  });

  it(
    'is stopped by itself after one night, and all have the former version again',
    async () => {
      const outcomes = await night();
      expect(outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(3);
      const [first] = firstOf(rollout);
      // What waits with the bad version when it is taken back goes by the former one.
      const waiting = await new RunService(nights.runs).request(await now(first), { requestedBy: 'kim' });
      expect(waiting.run.templateVersion).toBe(bad);
      expect(await rollouts.watch()).toBe(true);
      const stopped = await rollouts.get(rollout.rolloutId);
      expect(stopped).toMatchObject({ state: 'stopped', looks: 1 });
      expect(stopped.comparison).toMatchObject({
        present: { failing: { count: 3, of: 3 } },
        // The night before counts for the three as well.
        former: { failing: { count: 0, of: 8 } },
      });
      expect(stopped.events.at(-1)).toMatchObject({
        action: 'stoppedByItself',
        actor: 'the roll-out guard',
        reason: expect.stringContaining('3 out of 3 tenants failed with template 2'),
        detail: { measures: ['failureShare'], tenants: 3 },
      });
      expect([...new Set((await versions()).values())]).toEqual([1]);
      expect(await nights.runs.find(first.id, waiting.run.runId)).toMatchObject({ templateVersion: 1 });
      expect((await nights.run(await now(first))).outcome).not.toBe('failed');
      expect(await rollouts.watch()).toBe(false);
    },
    LONG_MS,
  );

  it('leaves who, when and why in the operators’ trail and in the tenants’', async () => {
    const { head, entries } = await new PostgresFleetTrailRepository(database.platform).read();
    expect(await verifyAuditTrail(head, entries)).toMatchObject({ intact: true });
    const changes = entries.map(({ content }) => JSON.parse(content));
    expect(changes.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      'template.registered Olga <olga@platform.example>',
      'rollout.started Olga <olga@platform.example>',
      'rollout.stoppedByItself the roll-out guard',
    ]);
    const trail = await new PostgresAuditRepository(database.tenants).page(firstOf(rollout)[0].id, 100);
    const own = trail
      .map(({ content }) => JSON.parse(content))
      .filter(({ action }) => action === 'template.changed');
    expect(own.map(({ actor, detail }) => [actor, detail.from, detail.to])).toEqual([
      ['the roll-out guard', 2, 1],
      ['Olga <olga@platform.example>', 1, 2],
    ]);
  });
});

describe('a template that makes lists worse', () => {
  it(
    'is stopped by itself although none of its nights fails',
    async () => {
      const { version } = await templates.register(WORSE, 'smaller models', 'olga');
      await rollouts.start({
        ...{ templateVersion: version, reason: 'try', actor: 'olga', shares: SHARES },
        thresholds: { falseStopShare: 0.2 },
      });
      for (let count = 0; count < 2 && (await repository.running()) !== undefined; count++) {
        expect(await night()).not.toContain('failed');
        await rollouts.watch();
      }
      const [rollout] = await rollouts.list();
      expect(rollout.comparison?.ndcg.difference).toBeLessThan(-0.1);
      expect(rollout).toMatchObject({ state: 'stopped', templateVersion: version });
      const last = (await rollouts.get(rollout.rolloutId)).events.at(-1);
      expect(last?.action).toBe('stoppedByItself');
      expect(last?.detail.measures).toContain('ndcg');
      expect([...new Set((await versions()).values())]).toEqual([1]);
    },
    LONG_MS,
  );
});

describe('a template that is no worse', () => {
  it(
    'goes to all, is completed, and newcomers get it',
    async () => {
      const { version } = await templates.register({ listLength: 50 }, 'shorter lists', 'olga');
      const { rolloutId } = await rollouts.start({
        ...{ templateVersion: version, reason: 'try', actor: 'olga', shares: SHARES },
      });
      await night();
      expect(await rollouts.watch()).toBe(false);
      await rollouts.widen(rolloutId, 'looks good', 'olga');
      expect([...new Set((await versions()).values())]).toEqual([version]);
      const newcomer = await createTestTenant(database);
      expect(newcomer.templateVersion).toBe(1);
      expect(await rollouts.watch()).toBe(false);
      expect((await versions()).get(newcomer.slug)).toBe(version);
      await rollouts.complete(rolloutId, 'done', 'olga');
      expect((await createTestTenant(database)).templateVersion).toBe(version);
      await expect(rollouts.stop(rolloutId, 'late', 'olga')).rejects.toMatchObject({ code: 'rolloutEnded' });
      await expect(
        rollouts.start({ templateVersion: version, reason: 'again', actor: 'olga' }),
      ).rejects.toMatchObject({ code: 'alreadyInUse' });
      expect(await templates.list()).toMatchObject([{ version, inUse: true, tenants: 10 }, {}, {}, {}]);
    },
    LONG_MS,
  );

  it('really ranks by it', async () => {
    await nights.run(await now(tenants[0]));
    await nights.servedLists(tenants[0], (reader) => {
      expect(reader.customerList(interactions[0].customerId!, 1_000)).toHaveLength(50);
    });
  });

  it('plans nights with each tenant’s own version', async () => {
    await database.admin.query(`UPDATE tenant SET created_at = '2026-01-01'`);
    await new PostgresFleetRunRepository(database.platform, 0).planNights(new Date('2026-11-25T12:00:00Z'));
    const { rows } = await database.admin.query<{ template_version: number }>(
      `SELECT DISTINCT template_version FROM run WHERE night = '2026-11-25'`,
    );
    const [{ templateVersion }] = await rollouts.list();
    expect(rows).toEqual([{ template_version: templateVersion }]);
  });
});

it('counts what tenants do with the switch, not what operators do', async () => {
  const { version } = await templates.register({ listLength: 60 }, 'longer lists', 'olga');
  const rollout = await rollouts.start({
    ...{ templateVersion: version, reason: 'try', actor: 'olga', shares: SHARES },
  });
  const lifecycle = new PostgresLifecycleRepository(database.tenants);
  const [one, other] = firstOf(rollout);
  await lifecycle.change(one.id, { state: 'frozen', reason: 'odd lists', actor: 'Pat <pat@shop.example>' });
  await lifecycle.change(other.id, { state: 'frozen', reason: 'all', actor: 'Olga <o@p.example>, operator' });
  await rollouts.watch();
  const { comparison } = (await repository.running())!;
  expect(comparison?.present.departures.count).toBe(1);
  await rollouts.stop(rollout.rolloutId, 'enough', 'olga');
});
