import { readFile } from 'node:fs/promises';
import { STAGES, type RunRepository, type StageName, type Tenant } from '#libs/domain';
import {
  createTestTenant,
  openTestDatabase,
  TestNights,
  type NightOptions,
  type TestDatabase,
} from '#libs/testing';
import { interactions, resume } from './grocer-nights.js';

/** Magic, length and hash behind the lists: of the whole file, the tenant's name included. */
const TRAILER_BYTES = 48;

/** Enough to learn from, and no more: there are many nights here. */
const some = interactions.slice(0, 4_000);

let database: TestDatabase;
let nights: TestNights;
let undisturbed: Buffer;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
  const tenant = await loadedTenant();
  await nights.run(tenant);
  undisturbed = await servedBytes(tenant);
});

afterAll(async () => {
  await nights.close();
  await database.close();
});

async function loadedTenant(): Promise<Tenant> {
  const tenant = await createTestTenant(database);
  await nights.load(tenant, some);
  return tenant;
}

/** The file that is served; in place of the tenant's name, as long for every tenant of a test, one and the same. */
async function servedBytes(tenant: Tenant): Promise<Buffer> {
  const bytes = await readFile(await nights.servedFile(tenant));
  const { slug } = tenant;
  expect(bytes.indexOf(slug)).toBeGreaterThan(0);
  for (let at = bytes.indexOf(slug); at >= 0; at = bytes.indexOf(slug, at))
    bytes.fill('x', at, at + slug.length);
  return bytes.subarray(0, -TRAILER_BYTES);
}

/** The stage has done its work and left its files; before that is written down, the worker is no more. */
function killedAtTheEndOf(killed: StageName): NightOptions {
  const die = () => Promise.reject(new Error('killed'));
  const finishStage: RunRepository['finishStage'] = (lease, stage, output) =>
    stage === killed ? die() : nights.runs.finishStage(lease, stage, output);
  const runs = Object.assign(Object.create(nights.runs) as RunRepository, { finishStage });
  if (killed !== 'publish') return { runs };
  return { runs, registry: Object.assign(Object.create(nights.registry), { publish: die }) };
}

describe('a run whose worker is killed', () => {
  it.each(STAGES.slice(STAGES.indexOf('prepare')))(
    'at the end of %s publishes the lists of an undisturbed run',
    async (stage) => {
      const tenant = await loadedTenant();
      await expect(nights.run(tenant, killedAtTheEndOf(stage))).rejects.toThrow('killed');
      expect(await nights.registry.pointer(tenant.id)).toBeUndefined();
      const stages: string[] = [];
      expect(await resume(database, nights.anotherWorker(), tenant, stages)).toBe('promoted');
      expect(stages).toEqual(STAGES.slice(STAGES.indexOf(stage)));
      expect((await servedBytes(tenant)).equals(undisturbed)).toBe(true);
      expect(await nights.registry.pointer(tenant.id)).toMatchObject({ revision: 1, modelVersion: 1 });
      expect(await nights.registry.verdicts(tenant.id, 10)).toHaveLength(1);
    },
  );

  it('publishes others when its data are others: the comparison can fail', async () => {
    const tenant = await createTestTenant(database);
    await nights.load(tenant, some.slice(1));
    await nights.run(tenant);
    expect((await servedBytes(tenant)).equals(undisturbed)).toBe(false);
  });
});
