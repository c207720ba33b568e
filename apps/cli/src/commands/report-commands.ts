import type { Command } from 'commander';
import {
  FleetTenantService,
  ModelRegistryService,
  RunService,
  TenantSummaryReadModel,
  type ModelVersion,
  type RegistryChange,
  type Tenant,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import type { Cell } from '../output/output.js';
import { addCommand, type RunWork } from './command-runner.js';

interface StatusOptions {
  readonly tenant?: string;
  readonly json?: boolean;
}

interface VerdictOptions {
  readonly tenant: string;
  readonly json?: boolean;
}

interface TenantStatus {
  readonly tenant: string;
  readonly state: string;
  readonly customers: number;
  readonly products: number;
  readonly interactions: number;
  readonly champion: string | null;
  readonly listsPublished: number | null;
  readonly lastRun: {
    readonly night: string;
    readonly status: string;
    readonly outcome: string | null;
  } | null;
}

const STATUS_HEAD = [
  'tenant',
  'state',
  'customers',
  'products',
  'interactions',
  'champion',
  'lists',
  'last run',
];

/** What a person reads. */
export function addReportCommands(program: Command, run: RunWork): void {
  addCommand(program, 'status', 'state, data, champion and last run of one tenant or all')
    .option('--tenant <slug>', 'tenant; all if absent')
    .action((options: StatusOptions) =>
      run(options, async (context) => {
        const tenants = await chosenTenants(context, options.tenant);
        const statuses: TenantStatus[] = [];
        for (const tenant of tenants) statuses.push(await statusOf(context, tenant));
        context.output.show({ tenants: statuses }, STATUS_HEAD, statuses.map(rowOf));
      }),
    );
  addCommand(program, 'verdicts', "why each night's model was or was not promoted")
    .requiredOption('--tenant <slug>', 'tenant')
    .action((options: VerdictOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const verdicts = await context.services.get(ModelRegistryService).verdicts(tenant);
        const head = ['when', 'lane', 'champion', 'challenger', 'promoted', 'why'];
        const rows = verdicts.map((v) => [
          ...[v.createdAt, v.lane, v.championVersion, v.challengerVersion],
          ...[v.promoted ? 'yes' : 'no', v.sentence],
        ]);
        context.output.show({ tenant: tenant.slug, verdicts }, head, rows);
      }),
    );
  addCommand(program, 'models', 'model versions, newest first, and the rollbacks to them')
    .requiredOption('--tenant <slug>', 'tenant')
    .action((options: VerdictOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const report = await modelsOf(context, tenant);
        const head = ['version', 'algorithm', 'status', 'made', 'promoted', 'last rollback to it'];
        context.output.show(
          report,
          head,
          report.models.map((model) => modelRow(model, report.changes)),
        );
      }),
    );
}

interface ModelReport {
  readonly tenant: string;
  readonly models: readonly ReportedModel[];
  readonly changes: readonly RegistryChange[];
}

type ReportedModel = Pick<ModelVersion, 'version' | 'status' | 'createdAt' | 'promotedAt' | 'metrics'> & {
  readonly algorithm: string;
};

async function modelsOf({ services }: CommandContext, tenant: Tenant): Promise<ModelReport> {
  const registry = services.get(ModelRegistryService);
  const models = (await registry.list(tenant)).map((model) => {
    const { version, recipe, status, createdAt, promotedAt, metrics } = model;
    return { version, algorithm: recipe.algorithm, status, createdAt, promotedAt, metrics };
  });
  return { tenant: tenant.slug, models, changes: await registry.history(tenant) };
}

function modelRow(model: ReportedModel, changes: readonly RegistryChange[]): Cell[] {
  const { version, algorithm, status, createdAt, promotedAt } = model;
  const last = changes.find((change) => change.toVersion === version);
  const rollback = last && `${last.changedAt.toISOString().slice(0, 16)}Z ${last.actor}: ${last.reason}`;
  return [version, algorithm, status, createdAt, promotedAt, rollback];
}

async function chosenTenants(context: CommandContext, slug: string | undefined): Promise<Tenant[]> {
  return slug === undefined
    ? context.services.get(FleetTenantService).list()
    : [await findTenant(context, slug)];
}

async function statusOf({ services }: CommandContext, tenant: Tenant): Promise<TenantStatus> {
  const { served, ...counts } = await services.get(TenantSummaryReadModel).summarise(tenant.id);
  const lastRun = (await services.get(RunService).list(tenant, 1)).at(0);
  return {
    tenant: tenant.slug,
    state: tenant.state,
    ...counts,
    champion: served === undefined ? null : `${served.algorithm} v${served.modelVersion}`,
    listsPublished: served?.customerLists ?? null,
    lastRun:
      lastRun === undefined
        ? null
        : { night: lastRun.night, status: lastRun.status, outcome: lastRun.outcome ?? null },
  };
}

function rowOf({ lastRun, ...status }: TenantStatus): Cell[] {
  const { tenant, state, customers, products, interactions, champion, listsPublished } = status;
  const run = lastRun === null ? null : `${lastRun.night} ${lastRun.outcome ?? lastRun.status}`;
  return [tenant, state, customers, products, interactions, champion, listsPublished, run];
}
