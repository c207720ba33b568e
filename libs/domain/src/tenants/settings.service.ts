import { InvalidInputError, NightshiftError } from '../errors/nightshift-error.js';
import type { ModelRegistryRepository, StoredVerdict } from '../registry/model-registry.repository.js';
import { checkTimeZone, nextRunAt, type NightSchedule } from '../runs/night.js';
import { cloneTemplate, type PipelineTemplate } from '../template/pipeline-template.js';
import { templateOf, type TemplateCatalogue } from '../template/template-version.js';
import { judgeAgain, type JudgedAgain } from '../verdicts/judge-again.js';
import {
  settingsInForce,
  splitSettings,
  validateOwnSettings,
  type OwnSettings,
  type SettingInForce,
} from './own-settings.js';
import type { StoredSettings, TenantSettingsRepository } from './settings.repository.js';
import type { Tenant } from './tenant.js';
import type { TenantSettings } from './tenant-settings.js';

export interface SettingsDocument {
  readonly settings: unknown;
  /** As it is if absent. */
  readonly timeZone?: string;
}

export interface SettingsChange extends SettingsDocument {
  readonly reason: string;
  readonly expectedVersion: number | undefined;
}

export interface SettingsView {
  readonly version: number;
  readonly templateVersion: number;
  readonly timeZone: string;
  /** What the tenant has set itself; to be sent back, changed. */
  readonly own: OwnSettings;
  readonly inForce: readonly SettingInForce[];
  /** What an operator has set, or the template. */
  readonly platform: { readonly recipe: PipelineTemplate['recipe']; readonly tuningSeconds: number };
}

export interface PlannedSchedule extends NightSchedule {
  /** Undefined while the recommender is off. */
  readonly nextRunAt: Date | undefined;
}

export interface SettingDifference {
  readonly name: string;
  readonly from: SettingInForce['value'] | string;
  readonly to: SettingInForce['value'] | string;
}

export interface SettingsPreview {
  readonly schedule: PlannedSchedule;
  readonly changes: readonly SettingDifference[];
  /** The newest run's comparisons under this gate; those that were about something else are left out. */
  readonly verdicts: readonly JudgedAgain[];
}

const NEWEST = 10;

/** What a tenant decides for itself: checked by the rules of the command line, and in force from the next night on. */
export class TenantSettingsService {
  constructor(
    private readonly repository: TenantSettingsRepository,
    private readonly templates: TemplateCatalogue,
    private readonly registry: ModelRegistryRepository,
  ) {}

  async current({ id }: Tenant): Promise<SettingsView> {
    return this.viewOf(await this.repository.read(id));
  }

  /** What would be different, without changing it. @throws InvalidInputError `invalidSettings`, `unknownTimeZone` */
  async preview(tenant: Tenant, document: SettingsDocument, now = new Date()): Promise<SettingsPreview> {
    const own = check(document);
    const stored = await this.repository.read(tenant.id);
    const template = await templateOf(this.templates, stored.tenant.templateVersion);
    const wanted = withOwn(stored.tenant, own, document.timeZone);
    const after = cloneTemplate(wanted.settings, template);
    const before = settingsInForce(splitSettings(stored.tenant.settings).own, template);
    const zones = { name: 'timeZone', from: stored.tenant.timeZone, to: wanted.timeZone };
    const others = settingsInForce(own, template).map(({ name, value: to }, index) => {
      return { name, from: before[index].value, to };
    });
    return {
      schedule: scheduleOf({ ...stored, tenant: wanted }, now, stored.tenant),
      changes: [zones, ...others].filter(({ from, to }) => from !== to),
      verdicts: newestRun(await this.registry.verdicts(tenant.id, NEWEST)).flatMap(
        (verdict) => judgeAgain(verdict, after.gate) ?? [],
      ),
    };
  }

  /**
   * Replaces what the tenant has set itself; what is not given is the template's again. What the platform has set stays.
   * @throws InvalidInputError `invalidSettings`, `unknownTimeZone`, `reasonRequired`
   * @throws NightshiftError `settingsChanged` when somebody else was faster
   */
  async change(
    tenant: Tenant,
    { expectedVersion, ...request }: SettingsChange,
    now = new Date(),
  ): Promise<{ view: SettingsView; schedule: PlannedSchedule }> {
    const own = check(request);
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError('reasonRequired', 'Say why: a change is recorded with its reason.', [
        { field: 'reason', code: 'required', message: 'must not be empty' },
      ]);
    }
    const next = (stored: Tenant) => withOwn(stored, own, request.timeZone);
    const changed = await this.repository.change(tenant.id, { expectedVersion, reason, next });
    if (changed === undefined) {
      throw new NightshiftError(
        'changed',
        'settingsChanged',
        'Somebody else has changed the settings meanwhile: look at them again first.',
      );
    }
    return { view: await this.viewOf(changed), schedule: scheduleOf(changed, now) };
  }

  private async viewOf({ tenant, version }: StoredSettings): Promise<SettingsView> {
    const template = await templateOf(this.templates, tenant.templateVersion);
    const { own } = splitSettings(tenant.settings);
    const { recipe, tuningSeconds } = cloneTemplate(tenant.settings, template);
    return {
      ...{ version, templateVersion: tenant.templateVersion, timeZone: tenant.timeZone, own },
      inForce: settingsInForce(own, template),
      platform: { recipe, tuningSeconds },
    };
  }
}

/** When the tenant's next night is, as its schedule stands. @param before with another schedule: as if it were changed now */
export function scheduleOf(
  { tenant, history }: Omit<StoredSettings, 'version'>,
  now: Date,
  before: Tenant = tenant,
): PlannedSchedule {
  const { nightStartsAtHour, freshByHour } = cloneTemplate(tenant.settings);
  const schedule = { timeZone: tenant.timeZone, nightStartsAtHour, freshByHour };
  const isMoved =
    before.timeZone !== tenant.timeZone ||
    before.settings.nightStartsAtHour !== tenant.settings.nightStartsAtHour;
  const known = isMoved ? { ...history, scheduleChangedAt: now } : history;
  const next = tenant.state === 'off' ? undefined : nextRunAt(tenant.id, now, schedule, known);
  return { ...schedule, nextRunAt: next };
}

function check({ settings, timeZone }: SettingsDocument): OwnSettings {
  if (timeZone !== undefined) checkTimeZone(timeZone);
  return validateOwnSettings(settings);
}

function withOwn(
  tenant: Tenant,
  own: OwnSettings,
  timeZone = tenant.timeZone,
): Tenant & { settings: TenantSettings } {
  return { ...tenant, timeZone, settings: { ...own, ...splitSettings(tenant.settings).platform } };
}

function newestRun(verdicts: readonly StoredVerdict[]): StoredVerdict[] {
  return verdicts.filter(({ runId }) => runId === verdicts[0].runId);
}
