import { ConflictError, NotFoundError } from '../errors/nightshift-error.js';
import { cloneTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import { currentNight } from './night.js';
import type { Run, RunStage } from './run.js';
import type { RunRepository } from './run.repository.js';

export interface RunRequest {
  readonly requestedBy: string;
  readonly reason?: string;
  readonly seed?: number;
}

const UUID_PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class RunService {
  constructor(private readonly runs: RunRepository) {}

  /**
   * Starts tonight's run by hand, or joins the run that is unfinished.
   * @throws ConflictError `tenantOff`: an endpoint that is off trains nothing
   */
  async request(tenant: Tenant, request: RunRequest): Promise<{ run: Run; joined: boolean }> {
    if (tenant.state === 'off') {
      throw new ConflictError('tenantOff', `${tenant.slug} is off: switch it on before starting a run.`);
    }
    const template = cloneTemplate(tenant.settings);
    return this.runs.requestManual(tenant.id, {
      night: currentNight(new Date(), tenant.timeZone, template.nightStartsAtHour).date,
      seed: request.seed ?? template.seed,
      templateVersion: template.version,
      requestedBy: request.requestedBy,
      reason: request.reason,
    });
  }

  /** @throws NotFoundError */
  async get(tenant: Tenant, runId: string): Promise<Run & { stages: RunStage[] }> {
    const run = UUID_PATTERN.test(runId) ? await this.runs.find(tenant.id, runId) : undefined;
    if (run === undefined) throw new NotFoundError('run', runId);
    return { ...run, stages: await this.runs.stages(tenant.id, runId) };
  }

  list(tenant: Tenant, limit = 30): Promise<Run[]> {
    return this.runs.list(tenant.id, limit);
  }
}
