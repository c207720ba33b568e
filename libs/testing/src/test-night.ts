import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InlineExecutor } from '#libs/algorithms';
import {
  ImportService,
  type InteractionRecord,
  type ListReader,
  type RunOutcome,
  type RunRepository,
  type StageName,
  type Tenant,
} from '#libs/domain';
import {
  FileArtifactStore,
  FileRejectedRowStore,
  LmdbListStore,
  PostgresDataQualityRepository,
  PostgresImportStore,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
  PostgresRunRepository,
  PostgresSnapshotSource,
  PostgresTemplateCatalogue,
  TenantFileReader,
} from '#libs/persistence';
import { runStages, type NightPorts } from '#libs/pipeline';
import type { TestDatabase } from './test-database.js';
import { claimTestRun } from './test-run.js';

/** What is different in a night; ports that are not named are the usual ones. */
export interface NightOptions extends Partial<NightPorts> {
  readonly runs?: RunRepository;
  /** @param next number of stages that have begun */
  readonly mayGoOn?: (next: number) => boolean;
  readonly reason?: string;
}

/** Whole nights in one process: the real stages on a real database, on this thread alone unless told otherwise. */
export class TestNights {
  readonly runs: PostgresRunRepository;
  readonly registry: PostgresModelRegistryRepository;
  readonly ports: NightPorts;
  readonly imports: ImportService;

  private constructor(
    private readonly database: TestDatabase,
    readonly folder: string,
  ) {
    this.runs = new PostgresRunRepository(database.tenants);
    this.registry = new PostgresModelRegistryRepository(database.tenants);
    this.ports = {
      source: new PostgresSnapshotSource(database.tenants),
      artifacts: new FileArtifactStore(join(folder, 'artifacts')),
      lists: new LmdbListStore(folder),
      registry: this.registry,
      quality: new PostgresDataQualityRepository(database.tenants),
      offerings: new PostgresOfferingRepository(database.tenants),
      templates: new PostgresTemplateCatalogue(database.tenants),
      executor: new InlineExecutor(),
      numerics: (_, work) => work(),
      fitMemoryBytes: 2 ** 30,
      codeVersion: 'test',
    };
    const store = new PostgresImportStore(database.tenants);
    this.imports = new ImportService(new TenantFileReader(folder), store, new FileRejectedRowStore(folder));
  }

  static async open(database: TestDatabase): Promise<TestNights> {
    return new TestNights(database, await mkdtemp(join(tmpdir(), 'nightshift-nights-')));
  }

  /** Another worker: it shares database and folder with this one, and nothing in memory. */
  anotherWorker(): TestNights {
    return new TestNights(this.database, this.folder);
  }

  async load(tenant: Tenant, interactions: Iterable<InteractionRecord>): Promise<void> {
    await this.imports.importRecords(tenant, 'interactions', interactions);
  }

  /** Claims a run and takes it as far as `mayGoOn` lets it; answers its outcome and the stages that it went through. */
  async run(
    tenant: Tenant,
    { runs = this.runs, mayGoOn = () => true, reason, ...changed }: NightOptions = {},
  ): Promise<{ outcome: RunOutcome; stages: StageName[]; warnings: string[]; runId: string }> {
    const { run, lease } = await claimTestRun(this.database, tenant, reason);
    const stages: StageName[] = [];
    const warnings: string[] = [];
    const outcome = await runStages({ ...this.ports, ...changed }, runs, tenant, run, lease, {
      started: (stage) => stages.push(stage),
      finished: () => undefined,
      warned: (_, message) => warnings.push(message),
      mayGoOn: () => mayGoOn(stages.length),
    });
    return { outcome, stages, warnings, runId: run.runId };
  }

  /** The lists that the tenant's endpoint would serve now. */
  async servedLists<T>(tenant: Tenant, look: (reader: ListReader) => T): Promise<T> {
    const pointer = await this.registry.pointer(tenant.id);
    if (pointer === undefined) throw new Error(`${tenant.slug} serves nothing yet.`);
    const reader = await this.ports.lists.open(pointer.listFile);
    try {
      return look(reader);
    } finally {
      await reader.close();
    }
  }

  /** Path of the list file that the tenant's endpoint would serve now. */
  async servedFile(tenant: Tenant): Promise<string> {
    const pointer = await this.registry.pointer(tenant.id);
    if (pointer === undefined) throw new Error(`${tenant.slug} serves nothing yet.`);
    return join(this.folder, 'lists', pointer.listFile);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
