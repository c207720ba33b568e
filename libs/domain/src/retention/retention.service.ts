import { findLeftovers, removeLeftovers, type FilePorts } from '../reconcile/find-leftovers.js';
import { cloneTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import type { FleetTenantRepository } from '../tenants/tenant.service.js';
import { RETENTION_POLICY, retentionOf, type RetentionPolicy } from './retention-policy.js';
import type {
  FleetRetentionRepository,
  Pruned,
  RetentionFiles,
  RetentionRepository,
} from './retention.repository.js';

export interface RetentionPorts extends FilePorts {
  readonly rows: RetentionRepository;
  readonly fleetRows: FleetRetentionRepository;
  readonly files: RetentionFiles;
  readonly tenants: FleetTenantRepository;
}

export interface RetentionReport {
  readonly tenants: number;
  readonly pruned: Pruned;
  /** Tenants at which something went wrong; tomorrow is another day. */
  readonly failed: readonly { readonly tenant: string; readonly message: string }[];
}

export interface RetentionOptions {
  readonly now?: Date;
  readonly dryRun?: boolean;
  readonly only?: Tenant;
  /** Asked before each tenant; an error of it ends the work. */
  readonly onTenant?: () => Promise<void>;
}

/** Removes what the policy no longer keeps. */
export class RetentionService {
  constructor(
    private readonly ports: RetentionPorts,
    private readonly policy: RetentionPolicy = RETENTION_POLICY,
  ) {}

  async apply({
    now = new Date(),
    dryRun = false,
    only,
    onTenant,
  }: RetentionOptions): Promise<RetentionReport> {
    const tenants = only === undefined ? await this.ports.tenants.list() : [only];
    const failed: { tenant: string; message: string }[] = [];
    let pruned: Pruned = only === undefined ? await this.ports.fleetRows.prune({ now, dryRun }) : {};
    for (const tenant of tenants) {
      await onTenant?.();
      try {
        pruned = add(pruned, await this.pruneTenant(tenant, now, dryRun));
      } catch (error) {
        failed.push({ tenant: tenant.slug, message: (error as Error).message });
      }
    }
    return { tenants: tenants.length, pruned, failed };
  }

  private async pruneTenant(tenant: Tenant, now: Date, dryRun: boolean): Promise<Pruned> {
    const policy = retentionOf(tenant.settings, this.policy);
    const { keptVersions } = cloneTemplate(tenant.settings);
    const request = { now, keptVersions, dryRun };
    const rows = await this.ports.rows.prune(tenant.id, policy, request);
    const files = await this.ports.files.prune(tenant.id, policy, request);
    // After each night, too; but a tenant that is off has none.
    const leftovers = await findLeftovers(this.ports, tenant, now.getTime());
    if (!dryRun) await removeLeftovers(this.ports, leftovers);
    const { lists, models, runs } = leftovers;
    const stores = { listFiles: lists.length, modelFiles: models.length, runFolders: runs.length };
    return add(add(rows, files), stores);
  }
}

function add(some: Pruned, more: Pruned): Pruned {
  const sum: Record<string, number> = { ...some };
  for (const [what, count] of Object.entries(more)) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}
