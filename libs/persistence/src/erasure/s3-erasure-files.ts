import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { ErasureFiles, type Removed, type TenantId } from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';
import { mentionsCustomer } from './mentions-customer.js';

/** Exports and rejected rows in a bucket. */
export class S3ErasureFiles extends ErasureFiles {
  constructor(private readonly objects: ObjectStorage) {
    super();
  }

  override removeExports(tenantId: TenantId): Promise<number> {
    return this.removeAll(`exports/${tenantId}/`);
  }

  /** An object is replaced as a whole: at any moment it is the old one or the new one. */
  override async removeRejectedRows(tenantId: TenantId, customerId: string): Promise<number> {
    let removed = 0;
    for (const key of await this.keys(`imports/${tenantId}/`)) {
      const found = await this.count(key, customerId);
      if (found > 0) await this.objects.put(key, this.without(key, customerId));
      removed += found;
    }
    return removed;
  }

  override async rejectedRows(tenantId: TenantId, customerId: string): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const key of await this.keys(`imports/${tenantId}/`)) {
      for await (const line of this.lines(key))
        if (mentionsCustomer(line, customerId)) found.push(JSON.parse(line));
    }
    return found;
  }

  override async removeTenant(tenantId: TenantId): Promise<readonly Removed[]> {
    return [
      { store: 'files', what: 'exports', count: await this.removeAll(`exports/${tenantId}/`) },
      { store: 'files', what: 'rejectedRowFiles', count: await this.removeAll(`imports/${tenantId}/`) },
    ];
  }

  private async count(key: string, customerId: string): Promise<number> {
    let count = 0;
    for await (const line of this.lines(key)) if (mentionsCustomer(line, customerId)) count++;
    return count;
  }

  private async *without(key: string, customerId: string): AsyncGenerator<Uint8Array> {
    for await (const line of this.lines(key))
      if (!mentionsCustomer(line, customerId)) yield Buffer.from(`${line}\n`);
  }

  private async *lines(key: string): AsyncGenerator<string> {
    const found = await this.objects.get(key);
    if (found === undefined) return;
    yield* createInterface({ input: Readable.from(found.body), crlfDelay: Infinity });
  }

  private async keys(beginning: string): Promise<string[]> {
    return (await this.objects.list(beginning)).map(({ key }) => key);
  }

  private async removeAll(beginning: string): Promise<number> {
    const keys = await this.keys(beginning);
    await this.objects.remove(keys);
    return keys.length;
  }
}
