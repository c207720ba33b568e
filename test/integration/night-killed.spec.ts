import { readFile } from 'node:fs/promises';
import { STAGES, type RunRepository, type StageName, type Tenant } from '#libs/domain';
import { createTestTenant, useTestNights, type NightOptions } from '#libs/testing';
import { interactions, resume } from './grocer-nights.js';

/** Magic, length and hash behind the lists: of the whole file, the tenant's name included. */
const TRAILER_BYTES = 48;

/** Enough to learn from, and no more: there are many nights here. */
const some = interactions.slice(0, 4_000);

const under = useTestNights(process.env);
let undisturbed: Buffer;

beforeAll(async () => {
  const tenant = await loadedTenant();
  await under.nights.run(tenant);
  undisturbed = await servedBytes(tenant);
});

async function loadedTenant(): Promise<Tenant> {
  const tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, some);
  return tenant;
}

/** The file that is served; in place of the tenant's name, as long for every tenant of a test, one and the same. */
async function servedBytes(tenant: Tenant): Promise<Buffer> {
  const bytes = await readFile(await under.nights.servedFile(tenant));
  const { slug } = tenant;
  expect(bytes.indexOf(slug)).toBeGreaterThan(0);
  for (let at = bytes.indexOf(slug); at >= 0; at = bytes.indexOf(slug, at))
    bytes.fill('x', at, at + slug.length);
  return bytes.subarray(0, -TRAILER_BYTES);
}

/** The stage has done its work and left its files; before that is written down, the worker is no more. */
function killedAtTheEndOf(killed: StageName): NightOptions {
  const die = () => Promise.reject(new Error('killed'));
  const finishStage: RunRepository['finishStage'] = (lease, stage, ...left) =>
    stage === killed ? die() : under.nights.runs.finishStage(lease, stage, ...left);
  const runs = Object.assign(Object.create(under.nights.runs) as RunRepository, { finishStage });
  if (killed !== 'publish') return { runs };
  return { runs, registry: Object.assign(Object.create(under.nights.registry), { publish: die }) };
}

describe('a run whose worker is killed', () => {
  it.each(STAGES.slice(STAGES.indexOf('prepare')))(
    'at the end of %s publishes the lists of an undisturbed run',
    async (stage) => {
      const tenant = await loadedTenant();
      await expect(under.nights.run(tenant, killedAtTheEndOf(stage))).rejects.toThrow('killed');
      expect(await under.nights.registry.pointer(tenant.id)).toBeUndefined();
      const stages: string[] = [];
      expect(await resume(under.database, under.nights.anotherWorker(), tenant, stages)).toBe('promoted');
      expect(stages).toEqual(STAGES.slice(STAGES.indexOf(stage)));
      expect((await servedBytes(tenant)).equals(undisturbed)).toBe(true);
      expect(await under.nights.registry.pointer(tenant.id)).toMatchObject({ revision: 1, modelVersion: 1 });
      expect(await under.nights.registry.verdicts(tenant.id, 10)).toHaveLength(1);
    },
  );

  it('publishes others when its data are others: the comparison can fail', async () => {
    const tenant = await createTestTenant(under.database);
    await under.nights.load(tenant, some.slice(1));
    await under.nights.run(tenant);
    expect((await servedBytes(tenant)).equals(undisturbed)).toBe(false);
  });
});
