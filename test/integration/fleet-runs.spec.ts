import { isLate, NIGHT_JITTER_MS, nightJitterMs, type Tenant } from '#libs/domain';
import {
  PostgresFleetRunRepository,
  PostgresRunRepository,
  PostgresWorkerRepository,
} from '#libs/persistence';
import { createTestDatabase, createTestTenant, type TestDatabase, type TestTenant } from '#libs/testing';

const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const NOON = new Date('2026-11-21T12:00:00Z');
const LEASE_MS = 60_000;

let database: TestDatabase;
let fleet: PostgresFleetRunRepository;
let runs: PostgresRunRepository;

beforeAll(async () => {
  database = await createTestDatabase(process.env);
  fleet = new PostgresFleetRunRepository(database.platform);
  runs = new PostgresRunRepository(database.tenants);
});
afterAll(() => database.close());

/** What earlier tests have left behind takes no part. */
beforeEach(async () => {
  await database.admin.query(`UPDATE tenant SET state = 'off'`);
  await database.admin.query(`UPDATE run SET status = 'failed', active = NULL WHERE active`);
});

const tenant = (given: TestTenant = {}) => createTestTenant(database, { createdAt: LONG_AGO, ...given });
const nightsOf = async ({ id }: Tenant) =>
  (await runs.list(id, 100)).map(({ night, kind }) => `${night} ${kind}`);
const manual = (night = '2026-11-21') => ({
  night,
  seed: 1,
  templateVersion: 1,
  requestedBy: 'kim',
  reason: undefined,
});
const claim = async ({ tenantId, runId }: { tenantId: number; runId: string }, leaseMs = LEASE_MS) => {
  const claimed = await runs.claim(tenantId, runId, 'worker', leaseMs);
  if (claimed === undefined) throw new Error('not claimed');
  return claimed;
};

describe('planNights', () => {
  it('plans every tenant at its own midnight, under its own date', async () => {
    const [east, home, west] = [
      await tenant({ timeZone: 'Pacific/Kiritimati' }),
      await tenant(),
      await tenant({ timeZone: 'Pacific/Pago_Pago' }),
    ];
    expect(await fleet.planNights(new Date('2026-11-21T10:30:00Z'))).toBe(3);
    expect(await nightsOf(east)).toEqual(['2026-11-22 nightly']);
    expect(await nightsOf(home)).toEqual(['2026-11-21 nightly']);
    expect(await nightsOf(west)).toEqual(['2026-11-20 nightly']);
  });

  it('plans a night once, however often it looks, and with several planners at once', async () => {
    const tenants = await Promise.all(Array.from({ length: 10 }, () => tenant()));
    const planned = await Promise.all([
      fleet.planNights(NOON),
      fleet.planNights(NOON),
      fleet.planNights(NOON),
    ]);
    expect(planned.reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(await fleet.planNights(new Date(NOON.getTime() + 3_600_000))).toBe(0);
    for (const each of tenants) expect(await nightsOf(each)).toEqual(['2026-11-21 nightly']);
  });

  it('does not plan the night in which a tenant came, nor any before', async () => {
    const late = await tenant({ createdAt: new Date('2026-11-20T23:00:00.001Z') });
    const exact = await tenant({ createdAt: new Date('2026-11-20T23:00:00.000Z') });
    expect(await fleet.planNights(NOON)).toBe(1);
    expect([await nightsOf(late), await nightsOf(exact)]).toEqual([[], ['2026-11-21 nightly']]);
  });

  it('does not make up for a night whose deadline had passed when its beginning was moved', async () => {
    const [moved, movedEarly] = [await tenant(), await tenant()];
    const move = (id: number, at: string) =>
      database.admin.query('UPDATE tenant SET schedule_changed_at = $2 WHERE id = $1', [id, at]);
    // Midnight of Berlin is 23:00 in UTC, the deadline 05:00.
    await move(moved.id, '2026-11-21T05:00:00Z');
    await move(movedEarly.id, '2026-11-21T04:59:59Z');
    expect(await fleet.planNights(NOON)).toBe(1);
    expect([await nightsOf(moved), await nightsOf(movedEarly)]).toEqual([[], ['2026-11-21 nightly']]);
    expect(await fleet.planNights(new Date('2026-11-22T12:00:00Z'))).toBe(1);
    expect(await nightsOf(moved)).toEqual(['2026-11-22 nightly']);
  });

  it('plans the frozen, whose lists must be fresh, and not those that are off', async () => {
    const [frozen, off] = [await tenant({ state: 'frozen' }), await tenant({ state: 'off' })];
    await fleet.planNights(NOON);
    expect([await nightsOf(frozen), await nightsOf(off)]).toEqual([['2026-11-21 nightly'], []]);
  });

  it('goes by the hour that a tenant has set', async () => {
    const late = await tenant({ settings: { nightStartsAtHour: 4 } });
    await fleet.planNights(new Date('2026-11-21T02:59:59Z'));
    expect(await nightsOf(late)).toEqual(['2026-11-20 nightly']);
  });

  it('waits for a run that is unfinished and plans once it has ended', async () => {
    const busy = await tenant();
    const { run } = await runs.requestManual(busy.id, manual());
    expect(await fleet.planNights(NOON)).toBe(0);
    await runs.finish((await claim(run)).lease, 'kept');
    expect(await fleet.planNights(NOON)).toBe(1);
    expect((await nightsOf(busy)).toSorted()).toEqual(['2026-11-21 manual', '2026-11-21 nightly']);
  });

  it('does not plan a night again whose run has failed for good', async () => {
    const unlucky = await tenant();
    await fleet.planNights(NOON);
    const [run] = await runs.list(unlucky.id, 1);
    await runs.fail((await claim(run)).lease, {
      stage: undefined,
      code: 'x',
      message: 'x',
      delayMs: undefined,
    });
    expect(await fleet.planNights(NOON)).toBe(0);
    expect(await fleet.planNights(new Date('2026-11-22T12:00:00Z'))).toBe(1);
  });
});

describe('planNights, night after night', () => {
  it('spreads the fleet over its first half hour, each tenant at its own moment', async () => {
    const midnight = new Date('2026-11-20T23:00:00Z').getTime();
    const tenants = await Promise.all(Array.from({ length: 20 }, () => tenant()));
    const moments = tenants.map(({ id }) => nightJitterMs(id, '2026-11-21', NIGHT_JITTER_MS));
    const earlier = moments.filter((moment) => moment <= 900_000).length;
    expect(await fleet.planNights(new Date(midnight + 900_000))).toBe(earlier);
    expect(await fleet.planNights(new Date(midnight + NIGHT_JITTER_MS - 1))).toBe(20 - earlier);
  });

  it('catches up once on nights that were skipped, with the newest', async () => {
    const skipped = await tenant();
    await fleet.planNights(new Date('2026-11-17T12:00:00Z'));
    const [run] = await runs.list(skipped.id, 1);
    await runs.finish((await claim(run)).lease, 'kept');
    // Nobody worked for three nights.
    expect(await fleet.planNights(NOON)).toBe(1);
    expect(await fleet.planNights(NOON)).toBe(0);
    expect(await nightsOf(skipped)).toEqual(['2026-11-21 nightly', '2026-11-17 nightly']);
  });

  it('plans one night where the clock goes forward and one where it goes back, due at the local hour', async () => {
    const berlin = await tenant();
    const ended = async () => {
      const [run] = await runs.list(berlin.id, 1);
      await runs.finish((await claim(run)).lease, 'kept');
      return run.deadline?.toISOString();
    };
    const every10Minutes = async (from: string, hours: number) => {
      let planned = 0;
      for (let minute = 0; minute < hours * 60; minute += 10) {
        planned += await fleet.planNights(new Date(Date.parse(from) + minute * 60_000));
      }
      return planned;
    };
    // Local midnight to midnight: 23 hours in March, 25 in October.
    expect(await every10Minutes('2026-03-28T23:30:00Z', 22)).toBe(1);
    expect(await ended()).toBe('2026-03-29T04:00:00.000Z');
    expect(await every10Minutes('2026-10-24T22:30:00Z', 24)).toBe(1);
    expect(await ended()).toBe('2026-10-25T05:00:00.000Z');
  });

  it('says who made the run and when its lists are to be fresh, by the tenant’s own hour', async () => {
    const early = await tenant({ settings: { freshByHour: 3 } });
    await fleet.planNights(NOON);
    const [run] = await runs.list(early.id, 1);
    expect(run).toMatchObject({ trigger: 'clock', deadline: new Date('2026-11-21T02:00:00Z') });
  });

  it('does not wait for a run of a past night', async () => {
    const busy = await tenant();
    await runs.requestBackfill(busy.id, manual('2026-11-10'), 10);
    expect(await fleet.planNights(NOON)).toBe(1);
  });
});

describe('late', () => {
  const since = new Date('2026-11-01T00:00:00Z');
  const pastDeadline = (run: { runId: string }, sql: string) =>
    database.admin.query(`UPDATE run SET deadline = ${sql} WHERE run_id = $1`, [run.runId]);

  it('is a night whose lists came after its deadline, or are not there although it has passed', async () => {
    const names = ['unfinished', 'delayed', 'punctual', 'failed', 'not yet'] as const;
    const tenants = new Map<string, Tenant>();
    for (const name of names) tenants.set(name, await tenant());
    await fleet.planNights(NOON);
    const runOf = async (name: string) => (await runs.list((tenants.get(name) as Tenant).id, 1))[0];
    for (const name of names) await pastDeadline(await runOf(name), `now() - interval '1 hour'`);
    for (const name of ['delayed', 'punctual'])
      await runs.finish((await claim(await runOf(name))).lease, 'kept');
    await runs.fail((await claim(await runOf('failed'))).lease, {
      ...{ stage: undefined, code: 'x', message: 'x', delayMs: undefined },
    });
    await pastDeadline(await runOf('punctual'), `finished_at + interval '1 second'`);
    await pastDeadline(await runOf('not yet'), `now() + interval '1 hour'`);

    const late = (await fleet.late(since, 1_000)).map(({ tenant: slug }) => slug);
    for (const name of names) {
      const { id, slug } = tenants.get(name) as Tenant;
      const isWanted = ['unfinished', 'delayed', 'failed'].includes(name);
      expect([name, late.includes(slug), isLate(await runOf(name))]).toEqual([name, isWanted, isWanted]);
      expect([name, (await runs.list(id, 10, true)).length]).toEqual([name, isWanted ? 1 : 0]);
    }
    const counts = await fleet.countLate(since);
    expect(counts.missing + counts.delayed).toBe(late.length);
    expect(counts.delayed).toBeGreaterThanOrEqual(1);
    expect(await fleet.countLate(new Date(Date.now() + 7_200_000))).toEqual({ missing: 0, delayed: 0 });
  });
});

describe('a manual run and the planner in the same moment', () => {
  it('become one run, and whoever asked joins it', async () => {
    const hurried = await tenant();
    const planner = await database.platform.connect();
    try {
      await planner.query('BEGIN');
      const inserted = await planner.query<{ run_id: string }>(
        `INSERT INTO run (tenant_id, run_id, night, kind, requested_by, seed, template_version)
         VALUES ($1, gen_random_uuid(), '2026-11-21', 'nightly', 'planner', 1, 1) RETURNING run_id`,
        [hurried.id],
      );
      const requested = runs.requestManual(hurried.id, manual());
      await waitUntilBlocked();
      await planner.query('COMMIT');
      expect(await requested).toMatchObject({
        joined: true,
        run: { runId: inserted.rows[0].run_id, kind: 'nightly' },
      });
    } finally {
      planner.release();
    }
  });

  /** Until somebody in this database waits for the planner's row. */
  async function waitUntilBlocked(): Promise<void> {
    for (;;) {
      const { rows } = await database.admin.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
      );
      if (rows[0].waiting > 0) return;
    }
  }
});

describe('admit', () => {
  async function queued(count: number): Promise<Tenant[]> {
    const tenants: Tenant[] = [];
    for (let index = 0; index < count; index++) tenants.push(await tenant());
    await fleet.planNights(NOON);
    return tenants;
  }
  const admitted = async (room: number) => (await fleet.admit(room)).map(({ tenantId }) => tenantId);

  it('admits no more than there is room for, and nobody twice', async () => {
    const tenants = await queued(5);
    expect(await admitted(0)).toEqual([]);
    expect(await admitted(-3)).toEqual([]);
    const all = [
      ...(await admitted(2)),
      ...(await admitted(2)),
      ...(await admitted(2)),
      ...(await admitted(2)),
    ];
    expect(all.toSorted((a, b) => a - b)).toEqual(tenants.map(({ id }) => id));
    expect(await fleet.countInFlight()).toBe(5);
  });

  it('gives each run to one of several dispatchers', async () => {
    const tenants = await queued(12);
    const parts = await Promise.all(Array.from({ length: 4 }, () => admitted(4)));
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(tenants.map(({ id }) => id));
  });

  it('lets the tenant go first that has waited longest since its last run', async () => {
    const [one, two, three] = await queued(3);
    for (const [{ id }, days] of [
      [one, 1],
      [two, 3],
      [three, 2],
    ] as const) {
      await database.admin.query(
        `INSERT INTO run (tenant_id, run_id, night, kind, status, active, requested_by, seed, template_version, started_at)
         VALUES ($1, gen_random_uuid(), '2026-11-01', 'nightly', 'succeeded', NULL, 'planner', 1, 1, now() - make_interval(days => $2))`,
        [id, days],
      );
    }
    expect([...(await admitted(1)), ...(await admitted(1)), ...(await admitted(1))]).toEqual([
      two.id,
      three.id,
      one.id,
    ]);
  });

  it('takes the night before what somebody started by hand', async () => {
    const byHand = await tenant();
    await runs.requestManual(byHand.id, manual());
    const [nightly] = await queued(1);
    expect([...(await admitted(1)), ...(await admitted(1))]).toEqual([nightly.id, byHand.id]);
  });

  it('leaves a run alone until its retry is due', async () => {
    const [{ id }] = await queued(1);
    const [run] = await fleet.admit(1);
    await runs.fail((await claim(run)).lease, {
      stage: undefined,
      code: 'x',
      message: 'x',
      delayMs: 3_600_000,
    });
    expect(await admitted(5)).toEqual([]);
    await database.admin.query('UPDATE run SET not_before = now() WHERE tenant_id = $1', [id]);
    expect(await fleet.admit(5)).toEqual([{ tenantId: id, runId: run.runId, attempt: 1 }]);
  });
});

describe('unclaimed', () => {
  it('names what was admitted and not taken, and what a silent worker holds, and nothing else', async () => {
    for (let index = 0; index < 5; index++) await tenant();
    await fleet.planNights(NOON);
    const [waiting, taken, silent, ended] = await fleet.admit(4);
    await claim(taken);
    await claim(silent, -1_000);
    await runs.finish((await claim(ended)).lease, 'kept');
    const found = await fleet.unclaimed();
    expect(new Set(found.map(({ runId, attempt }) => `${runId} ${attempt}`))).toEqual(
      new Set([`${waiting.runId} 0`, `${silent.runId} 1`]),
    );
    expect(await fleet.countInFlight()).toBe(3);
    expect(await fleet.countByStatus()).toEqual({ queued: 1, admitted: 1, running: 2 });
  });
});

describe('workers', () => {
  it('count by their slots while they report', async () => {
    const workers = new PostgresWorkerRepository(database.platform);
    await Promise.all([workers.heartbeat('a', 2), workers.heartbeat('b', 3), workers.heartbeat('a', 4)]);
    await workers.heartbeat('a', 4);
    expect(await workers.slots(30_000)).toBe(7);
    await database.platform.query(
      `UPDATE worker_node SET heartbeat_at = now() - interval '31 seconds' WHERE worker_id = 'b'`,
    );
    expect(await workers.slots(30_000)).toBe(4);
    await workers.leave('a');
    expect(await workers.slots(30_000)).toBe(0);
  });
});
