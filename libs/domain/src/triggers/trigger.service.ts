import { DateTime } from 'luxon';
import type { KpiReadModel } from '../attribution/attribution.repository.js';
import { addDays } from '../attribution/days-to-attribute.js';
import { currentNight } from '../runs/night.js';
import type { Run } from '../runs/run.js';
import type { RunRepository } from '../runs/run.repository.js';
import { cloneTemplate, type PipelineTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import { degradationReason, PAST_DAYS, RECENT_DAYS } from './degradation.js';
import { driftReason } from './drift.js';
import type { TriggerReason } from './trigger-reason.js';
import type { TriggerBasis, TriggerRepository } from './trigger.repository.js';
import { FEWEST_NEW_ROWS, volumeReason } from './volume.js';

const HOUR_MS = 3_600_000;
/** Who asks for a triggered run. */
const REQUESTED_BY = 'triggers';

/** Starts a run between two nights where what has come, or what has become of recommendations, does not bear waiting. */
export class TriggerService {
  /** Per tenant what its drift was last measured on: the same rows are not looked through again. */
  private readonly measured = new Map<number, string>();

  constructor(
    private readonly triggers: TriggerRepository,
    private readonly kpis: KpiReadModel,
    private readonly runs: RunRepository,
  ) {}

  /** @returns the run that was started, if any */
  async check(tenant: Tenant, now = new Date()): Promise<Run | undefined> {
    if (tenant.state !== 'on') return undefined;
    const template = cloneTemplate(tenant.settings);
    const basis = await this.triggers.basis(tenant.id);
    if (basis === undefined || basis.unfinished) return undefined;
    const coolDownMs = template.triggerCoolDownHours * HOUR_MS;
    const quietUntil = (basis.lastTriggeredAt?.getTime() ?? -Infinity) + coolDownMs;
    if (now.getTime() < quietUntil) return undefined;
    const reason = await this.reason(tenant, template, basis, now);
    if (reason === undefined) return undefined;
    return this.runs.startTriggered(tenant.id, {
      night: currentNight(now, tenant.timeZone, template.nightStartsAtHour).date,
      seed: template.seed,
      templateVersion: template.version,
      requestedBy: REQUESTED_BY,
      reason: reason.sentence,
      trigger: reason.trigger,
      figures: reason.figures,
      noneSince: new Date(now.getTime() - coolDownMs),
    });
  }

  private async reason(
    tenant: Tenant,
    template: PipelineTemplate,
    basis: TriggerBasis,
    now: Date,
  ): Promise<TriggerReason | undefined> {
    const newRows = await this.triggers.newInteractions(tenant.id, basis.dataAt);
    return (
      volumeReason(newRows, basis.interactions, template) ??
      (await this.drift(tenant, template, basis, newRows)) ??
      (await this.degradation(tenant, template, basis, now))
    );
  }

  private async drift(
    { id }: Tenant,
    { triggerDriftPsi }: PipelineTemplate,
    { profile, dataAt }: TriggerBasis,
    newRows: number,
  ): Promise<TriggerReason | undefined> {
    if (profile === undefined || triggerDriftPsi === 0 || newRows < FEWEST_NEW_ROWS) return undefined;
    const measured = `${dataAt.getTime()} ${newRows} ${triggerDriftPsi}`;
    if (this.measured.get(id) === measured) return undefined;
    const reason = driftReason(profile, await this.triggers.newCounts(id, dataAt, profile), triggerDriftPsi);
    if (reason === undefined) this.measured.set(id, measured);
    return reason;
  }

  private async degradation(
    tenant: Tenant,
    { triggerDegradationDrop }: PipelineTemplate,
    { lastDegradationAt }: TriggerBasis,
    now: Date,
  ): Promise<TriggerReason | undefined> {
    if (triggerDegradationDrop === 0) return undefined;
    const localDay = (at: Date) => DateTime.fromJSDate(at, { zone: tenant.timeZone }).toISODate() as string;
    const today = localDay(now);
    const range = { first: addDays(today, -RECENT_DAYS - PAST_DAYS), last: addDays(today, -1) };
    const days = await this.kpis.days(tenant.id, range);
    // What was shown on the day of that run is of the model before it.
    const since = lastDegradationAt && addDays(localDay(lastDegradationAt), 1);
    return degradationReason(days, today, triggerDegradationDrop, since);
  }
}
