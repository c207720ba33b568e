import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServedOfferingSource, type ServedOffering, type TenantId } from '#libs/domain';
import { OfferingFiles } from './offering-files.js';
import { OfferingsService } from './offerings.service.js';

class KnownOfferings extends ServedOfferingSource {
  readonly stored = new Map<TenantId, number>();
  override revisions = () =>
    Promise.resolve({ fingerprint: [...this.stored].join(';'), revisions: new Map(this.stored) });
  override load = (tenantIds: readonly TenantId[]) =>
    Promise.resolve(
      tenantIds.map(
        (tenantId) =>
          ({
            tenantId,
            revision: this.stored.get(tenantId),
            rules: [],
            retired: [],
          }) as unknown as ServedOffering,
      ),
    );
}

it('offerings of a tenant that is no more leave memory and disk, and come back with the tenant', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-offerings-'));
  const source = new KnownOfferings();
  const service = new OfferingsService(source, new OfferingFiles(folder));
  const files = async () =>
    (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'));
  for (const tenantId of [7, 8]) source.stored.set(tenantId, 1);
  await service.refresh();
  expect((await files()).toSorted()).toEqual(['serving/offerings/7.json', 'serving/offerings/8.json']);
  source.stored.delete(7);
  await service.refresh();
  expect(await files()).toEqual(['serving/offerings/8.json']);
  source.stored.set(7, 2);
  await service.refresh();
  expect(await files()).toHaveLength(2);
  await rm(folder, { recursive: true });
});
