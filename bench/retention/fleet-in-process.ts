// The parts that the programs are made of, in this process, so that they believe the moved clock.
import path from 'node:path';
import type pg from 'pg';
import {
  AttributionService,
  FeedbackService,
  ImportService,
  RetentionService,
  type RetentionPolicy,
  type Tenant,
} from '#libs/domain';
import {
  createPostgresPool,
  FileArtifactStore,
  FileRejectedRowStore,
  FileRetentionFiles,
  LmdbListStore,
  PostgresAttributionRepository,
  PostgresDataQualityRepository,
  PostgresFeedbackRepository,
  PostgresFleetRetentionRepository,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
  PostgresImportStore,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
  PostgresOutboxRepository,
  PostgresRetentionRepository,
  PostgresRunRepository,
  PostgresServedAnswersRepository,
  PostgresSnapshotSource,
  PostgresTemplateCatalogue,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';
import { InlineExecutor, runStages, type NightPorts } from '#libs/pipeline';
import type { LoginUrls } from '../../tools/provisioning/logins.ts';

const LEASE_MS = 3_600_000;

export class FleetInProcess {
  readonly tenants: PostgresFleetTenantRepository;
  readonly imports: ImportService;
  readonly feedback: FeedbackService;
  readonly served: PostgresServedAnswersRepository;
  private readonly database: TenantDatabase;
  private readonly platform: pg.Pool;
  private readonly serving: pg.Pool;
  private readonly ports: NightPorts;
  private readonly retention: RetentionService;
  private readonly attribution: AttributionService;

  constructor(stateDir: string, logins: LoginUrls, policy: RetentionPolicy) {
    const pool = (connectionString: string) =>
      createPostgresPool({ connectionString, max: 4, applicationName: 'nightshift-proof' });
    this.database = new TenantDatabase(pool(logins.app));
    this.platform = pool(logins.platform);
    this.serving = pool(logins.serving);
    this.tenants = new PostgresFleetTenantRepository(this.platform);
    this.ports = nightPorts(stateDir, this.database);
    const { registry, artifacts, lists } = this.ports;
    this.retention = new RetentionService(
      {
        rows: new PostgresRetentionRepository(this.database),
        fleetRows: new PostgresFleetRetentionRepository(this.platform),
        files: new FileRetentionFiles(stateDir),
        ...{ tenants: this.tenants, registry, artifacts, lists },
      },
      policy,
    );
    const rejected = new FileRejectedRowStore(stateDir);
    const store = new PostgresImportStore(this.database);
    this.imports = new ImportService(new TenantFileReader(path.join(stateDir, 'spool')), store, rejected);
    this.feedback = new FeedbackService(new PostgresFeedbackRepository(this.serving));
    this.served = new PostgresServedAnswersRepository(this.serving);
    this.attribution = new AttributionService(new PostgresAttributionRepository(this.database));
  }

  /** What planner, dispatcher and worker do with a night, one tenant after the other; answers how the runs ended. */
  async night(): Promise<string[]> {
    const fleet = new PostgresFleetRunRepository(this.platform, 0);
    const runs = new PostgresRunRepository(this.database);
    await fleet.planNights(new Date());
    const outcomes: string[] = [];
    const known = new Map((await this.tenants.list()).map((tenant) => [tenant.id, tenant]));
    for (let admitted = await fleet.admit(10); admitted.length > 0; admitted = await fleet.admit(10)) {
      for (const { tenantId, runId } of admitted) {
        const claimed = await runs.claim(tenantId, runId, 'proof', LEASE_MS);
        if (claimed === undefined) throw new Error('A run cannot be claimed.');
        const listener = { started: nothing, finished: nothing, warned: nothing, mayGoOn: () => true };
        const tenant = known.get(tenantId) as Tenant;
        outcomes.push(await runStages(this.ports, runs, tenant, claimed.run, claimed.lease, listener));
      }
    }
    await new PostgresOutboxRepository(this.platform).relay(10_000, () => Promise.resolve());
    return outcomes;
  }

  async attribute(tenant: Tenant): Promise<void> {
    await this.attribution.attribute(tenant);
  }

  /** The day's maintenance; answers rows and files that went. */
  async maintain(): Promise<number> {
    const { pruned, failed } = await this.retention.apply({});
    if (failed.length > 0) throw new Error(failed[0].message);
    return Object.values(pruned).reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    await this.database.close();
    await Promise.all([this.platform.end(), this.serving.end()]);
  }
}

const nothing = () => undefined;

function nightPorts(stateDir: string, database: TenantDatabase): NightPorts {
  return {
    source: new PostgresSnapshotSource(database),
    artifacts: new FileArtifactStore(path.join(stateDir, 'artifacts')),
    lists: new LmdbListStore(stateDir),
    registry: new PostgresModelRegistryRepository(database),
    quality: new PostgresDataQualityRepository(database),
    offerings: new PostgresOfferingRepository(database),
    templates: new PostgresTemplateCatalogue(database),
    executor: new InlineExecutor(),
    numerics: (_, work) => work(),
    fitMemoryBytes: 2 ** 30,
    codeVersion: 'proof',
  };
}
