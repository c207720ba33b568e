import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import { cloneTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import { currentNight } from './night.js';
import type { Run, RunStage } from './run.js';
import type { RunRepository } from './run.repository.js';

export interface RunRequest {
  /** A past night, YYYY-MM-DD, for which to run; tonight's if absent. */
  readonly night?: string;
  readonly requestedBy: string;
  readonly reason?: string;
  readonly seed?: number;
}

/** Runs for past nights that a tenant may have unfinished. */
export const WAITING_BACKFILLS = 100;
/** Nights further back are nobody's concern any more. */
const BACKFILL_DAYS = 366;
const MS_PER_DAY = 86_400_000;

const UUID_PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class RunService {
  constructor(private readonly runs: RunRepository) {}

  /**
   * Starts tonight's run by hand, or joins the run that is unfinished; with a past night, a run in that night's name.
   * @throws ConflictError `tenantOff`: an endpoint that is off trains nothing
   * @throws InvalidInputError `notAPastNight`
   * @throws NightshiftError `tooManyRuns`: so many for past nights wait already
   */
  async request(tenant: Tenant, request: RunRequest): Promise<{ run: Run; joined: boolean }> {
    if (tenant.state === 'off') {
      throw new ConflictError('tenantOff', `${tenant.slug} is off: switch it on before starting a run.`);
    }
    const template = cloneTemplate(tenant.settings);
    const tonight = currentNight(new Date(), tenant.timeZone, template.nightStartsAtHour).date;
    if (request.night !== undefined) checkPastNight(request.night, tonight);
    const run = {
      night: request.night ?? tonight,
      seed: request.seed ?? template.seed,
      templateVersion: tenant.templateVersion,
      requestedBy: request.requestedBy,
      reason: request.reason,
    };
    return request.night === undefined
      ? this.runs.requestManual(tenant.id, run)
      : this.runs.requestBackfill(tenant.id, run, WAITING_BACKFILLS);
  }

  /** @throws NotFoundError */
  async get(tenant: Tenant, runId: string): Promise<Run & { stages: RunStage[] }> {
    const run = UUID_PATTERN.test(runId) ? await this.runs.find(tenant.id, runId) : undefined;
    if (run === undefined) throw new NotFoundError('run', runId);
    return { ...run, stages: await this.runs.stages(tenant.id, runId) };
  }

  /** The newest first; on request only those that are or were late. */
  list(tenant: Tenant, limit = 30, lateOnly = false): Promise<Run[]> {
    return this.runs.list(tenant.id, limit, lateOnly);
  }
}

function checkPastNight(night: string, tonight: string): void {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(night) ? Date.parse(night) : Number.NaN;
  // 2026-02-30 is no night, though a date can be made of it.
  const isDate = !Number.isNaN(time) && new Date(time).toISOString().startsWith(night);
  const daysAgo = (Date.parse(tonight) - time) / MS_PER_DAY;
  if (isDate && daysAgo > 0 && daysAgo <= BACKFILL_DAYS) return;
  const rule = `must be one of the ${BACKFILL_DAYS} nights before ${tonight}, as YYYY-MM-DD`;
  throw new InvalidInputError('notAPastNight', `${JSON.stringify(night)}: the night ${rule}.`, [
    { field: 'night', code: 'notAPastNight', message: rule },
  ]);
}
