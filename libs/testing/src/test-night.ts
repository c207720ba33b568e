import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InlineExecutor, type Executor } from '#libs/algorithms';
import {
  ImportService,
  type InteractionRecord,
  type ListReader,
  type RunOutcome,
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
  PostgresRunRepository,
  PostgresSnapshotSource,
  TenantFileReader,
} from '#libs/persistence';
import { runStages, type NightPorts } from '#libs/pipeline';
import type { TestDatabase } from './test-database.js';
import { claimTestRun } from './test-run.js';

/** Whole nights in one process: the real stages on a real database, on this thread alone unless told otherwise. */
export class TestNights {
  readonly runs: PostgresRunRepository;
  readonly registry: PostgresModelRegistryRepository;
  readonly ports: NightPorts;
  readonly imports: ImportService;

  private constructor(
    private readonly database: TestDatabase,
    private readonly folder: string,
  ) {
    this.runs = new PostgresRunRepository(database.tenants);
    this.registry = new PostgresModelRegistryRepository(database.tenants);
    this.ports = {
      source: new PostgresSnapshotSource(database.tenants),
      artifacts: new FileArtifactStore(join(folder, 'artifacts')),
      lists: new LmdbListStore(folder),
      registry: this.registry,
      quality: new PostgresDataQualityRepository(database.tenants),
      executor: new InlineExecutor(),
      fitMemoryBytes: 2 ** 30,
      codeVersion: 'test',
    };
    const store = new PostgresImportStore(database.tenants);
    this.imports = new ImportService(new TenantFileReader(folder), store, new FileRejectedRowStore(folder));
  }

  static async open(database: TestDatabase): Promise<TestNights> {
    return new TestNights(database, await mkdtemp(join(tmpdir(), 'nightshift-nights-')));
  }

  async load(tenant: Tenant, interactions: Iterable<InteractionRecord>): Promise<void> {
    await this.imports.importRecords(tenant, 'interactions', interactions);
  }

  /** Claims a run and takes it as far as `mayGoOn` lets it; answers its outcome and the stages that it went through. */
  async run(
    tenant: Tenant,
    options: {
      readonly executor?: Executor;
      readonly fitMemoryBytes?: number;
      readonly mayGoOn?: (next: number) => boolean;
      readonly reason?: string;
    } = {},
  ): Promise<{ outcome: RunOutcome; stages: StageName[]; warnings: string[]; runId: string }> {
    const { run, lease } = await claimTestRun(this.database, tenant, options.reason);
    const stages: StageName[] = [];
    const warnings: string[] = [];
    const { executor = this.ports.executor, fitMemoryBytes = this.ports.fitMemoryBytes } = options;
    const ports = { ...this.ports, executor, fitMemoryBytes };
    const outcome = await runStages(ports, this.runs, tenant, run, lease, {
      started: (stage) => stages.push(stage),
      finished: () => undefined,
      warned: (_, message) => warnings.push(message),
      mayGoOn: () => options.mayGoOn?.(stages.length) ?? true,
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

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
