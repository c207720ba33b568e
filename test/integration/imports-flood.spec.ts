import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportService, IMPORTS_OF_A_TENANT, IMPORTS_OF_THE_FLEET, type Tenant } from '#libs/domain';
import {
  createPostgresPool,
  FileRejectedRowStore,
  PostgresImportStore,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';
import { csv, HEADER, ImportsUnderTest, inChunks, rows } from './imports-under-test.js';

/** A process that imports, with a pool of its own: the API, another node of it, or a command. */
class Importer {
  readonly database: TenantDatabase;
  private readonly imports: ImportService;

  constructor(stateDir: string, connections: number) {
    const connectionString = process.env.TEST_DATABASE_URL ?? '';
    this.database = new TenantDatabase(
      createPostgresPool({ connectionString, max: connections, applicationName: 'imports-flood' }),
    );
    this.imports = new ImportService(
      new TenantFileReader(join(stateDir, 'spool')),
      new PostgresImportStore(this.database),
      new FileRejectedRowStore(stateDir),
    );
  }

  send(tenant: Tenant, source: AsyncIterable<Buffer>) {
    return this.imports.import({ tenant, mapping: csv, source, sourceName: 'flood', requestedBy: 'spec' });
  }
}

let under: ImportsUnderTest;
let folder: string;
let importers: Importer[];
let release: () => void;
let released: Promise<void>;

beforeAll(async () => {
  under = await ImportsUnderTest.open();
  folder = await mkdtemp(join(tmpdir(), 'nightshift-imports-flood-'));
});
afterAll(async () => {
  await under.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  importers = [new Importer(folder, 20), new Importer(folder, 20)];
  released = new Promise((resolve) => (release = resolve));
});
afterEach(() => Promise.all(importers.map(({ database }) => database.close())));

/** A file whose second half does not come until the test says so. */
async function* hanging(arrived: () => void): AsyncGenerator<Buffer> {
  yield Buffer.from(`${HEADER}\n`);
  arrived();
  await released;
  yield Buffer.from(rows(3).slice(HEADER.length + 1));
}

/** Starts imports in both processes, one after the other, so that it is known which of them run. */
async function flood(tenants: readonly Tenant[]) {
  const codes: string[] = [];
  const running: Promise<unknown>[] = [];
  for (const [index, tenant] of tenants.entries()) {
    await new Promise<void>((settled) => {
      const sent = importers[index % 2].send(tenant, hanging(settled)).then(
        () => undefined,
        (error: { code: string }) => {
          codes.push(error.code);
          settled();
        },
      );
      running.push(sent);
    });
  }
  const finish = async () => {
    release();
    await Promise.all(running);
  };
  return { codes, running: tenants.length - codes.length, finish };
}

describe('a flood of imports', () => {
  it('of one tenant gets two places over all processes, and another imports at once', async () => {
    const [a, b] = [await under.newTenant(), await under.newTenant()];
    const flooded = await flood(Array.from({ length: 30 }, () => a));
    try {
      expect(flooded.running).toBe(IMPORTS_OF_A_TENANT);
      expect(new Set(flooded.codes)).toEqual(new Set(['tooManyImports']));
      // B's import begins and ends while all of A's are still there: it waits for none of them.
      expect(await importers[0].send(b, inChunks(rows(50)))).toMatchObject({ accepted: 50 });
    } finally {
      await flooded.finish();
    }
    expect(await under.stored('interaction', a)).toBe(3);
    const recorded = await under.select<{ status: string }>('SELECT status::text FROM import', a);
    // What had to wait is not on record as a failure.
    expect(recorded).toEqual([{ status: 'succeeded' }, { status: 'succeeded' }]);
    expect(await importers[1].send(a, inChunks(rows(5)))).toMatchObject({ read: 5 });
  });

  it('of many tenants leaves connections for everything else', async () => {
    const tenants = await Promise.all(
      Array.from({ length: IMPORTS_OF_THE_FLEET + 4 }, () => under.newTenant()),
    );
    const flooded = await flood(tenants);
    expect([flooded.running, flooded.codes.length]).toEqual([IMPORTS_OF_THE_FLEET, 4]);
    await flooded.finish();
  });
});
