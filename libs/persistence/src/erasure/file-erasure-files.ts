import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ErasureFiles, type Removed, type TenantId } from '#libs/domain';
import { mentionsCustomer } from './mentions-customer.js';

const FOLDERS = [
  ['exports', 'exports'],
  ['imports', 'rejectedRowFiles'],
] as const;

/** Exports and rejected rows below the state directory. */
export class FileErasureFiles extends ErasureFiles {
  constructor(private readonly stateDir: string) {
    super();
  }

  override async removeExports(tenantId: TenantId): Promise<number> {
    const folder = join(this.stateDir, 'exports', String(tenantId));
    const names = await namesIn(folder);
    for (const name of names) await rm(join(folder, name), { force: true });
    return names.length;
  }

  override async removeRejectedRows(tenantId: TenantId, customerId: string): Promise<number> {
    const folder = join(this.stateDir, 'imports', String(tenantId));
    let removed = 0;
    for (const name of await namesIn(folder)) removed += await removeLines(join(folder, name), customerId);
    return removed;
  }

  override async rejectedRows(tenantId: TenantId, customerId: string): Promise<unknown[]> {
    const folder = join(this.stateDir, 'imports', String(tenantId));
    const found: unknown[] = [];
    for (const name of await namesIn(folder)) {
      for await (const line of linesOf(join(folder, name)))
        if (mentionsCustomer(line, customerId)) found.push(JSON.parse(line));
    }
    return found;
  }

  override async removeTenant(tenantId: TenantId): Promise<readonly Removed[]> {
    const removed: Removed[] = [];
    for (const [folder, what] of FOLDERS) {
      const path = join(this.stateDir, folder, String(tenantId));
      removed.push({ store: 'files', what, count: (await namesIn(path)).length });
      await rm(path, { recursive: true, force: true });
    }
    await rm(join(this.stateDir, 'serving', 'offerings', `${tenantId}.json`), { force: true });
    return removed;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
}

/** Written aside, synced and renamed: at any moment the file is the old one or the new one. */
async function removeLines(path: string, customerId: string): Promise<number> {
  const aside = `${path}.erasing`;
  const file = await open(aside, 'w', 0o600);
  let removed = 0;
  try {
    for await (const line of linesOf(path)) {
      if (mentionsCustomer(line, customerId)) removed++;
      else await file.appendFile(`${line}\n`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (removed > 0) await rename(aside, path);
  else await rm(aside);
  return removed;
}
