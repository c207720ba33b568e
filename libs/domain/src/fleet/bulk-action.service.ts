import { createHash } from 'node:crypto';
import { createToken, hashToken } from '../accounts/account.js';
import { ConflictError, InvalidInputError, NightshiftError } from '../errors/nightshift-error.js';
import type { LifecycleService } from '../lifecycle/lifecycle.service.js';
import type { RunService } from '../runs/run.service.js';
import type { TenantRepository } from '../tenants/tenant.service.js';
import type { FleetReadModel } from './fleet.read-model.js';
import { judgeTenants, selectTenants, type FleetFilter, type JudgedTenant } from './select-tenants.js';

export const BULK_ACTIONS = ['freeze', 'on', 'run'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** What was counted, to be confirmed. */
export interface BulkPreview {
  readonly token: string;
  readonly count: number;
  /** Some of them, by name. */
  readonly sample: readonly string[];
  readonly expiresAt: Date;
}

export interface BulkResult {
  readonly changed: number;
  /** As they were to be already, or joined to a run that was under way. */
  readonly unchanged: number;
  readonly failed: readonly { readonly tenant: string; readonly code: string; readonly message: string }[];
}

export interface StoredBulkAction {
  readonly tokenSha256: string;
  readonly action: BulkAction;
  readonly filter: FleetFilter;
  readonly tenants: number;
  readonly tenantsSha256: string;
  readonly actor: string;
  readonly expiresAt: Date;
}

export abstract class BulkActionRepository {
  abstract prepare(action: StoredBulkAction): Promise<void>;
  /** What can still be confirmed. */
  abstract find(tokenSha256: string, now: Date): Promise<StoredBulkAction | undefined>;
  /** Once; false when somebody was faster. */
  abstract begin(tokenSha256: string, reason: string, now: Date): Promise<boolean>;
  abstract finish(tokenSha256: string, result: BulkResult): Promise<void>;
}

const TOKEN_MINUTES = 10;
const SAMPLE = 10;
/** Transactions under way at once: tenants' own requests go on. */
const AT_ONCE = 4;

/** The same for many tenants. What was counted is what is done: if the tenants are others by then, nothing is. */
export class BulkActionService {
  constructor(
    private readonly fleet: FleetReadModel,
    private readonly actions: BulkActionRepository,
    private readonly tenants: TenantRepository,
    private readonly lifecycle: LifecycleService,
    private readonly runs: RunService,
  ) {}

  async preview(
    action: BulkAction,
    filter: FleetFilter,
    actor: string,
    now = new Date(),
  ): Promise<BulkPreview> {
    const selected = await this.select(action, filter, now);
    const token = createToken();
    const expiresAt = new Date(now.getTime() + TOKEN_MINUTES * 60_000);
    await this.actions.prepare({
      ...{ tokenSha256: hashToken(token), action, filter, actor, expiresAt },
      ...{ tenants: selected.length, tenantsSha256: hashOf(selected) },
    });
    const sample = selected.slice(0, SAMPLE).map(({ slug }) => slug);
    return { token, count: selected.length, sample, expiresAt };
  }

  /**
   * @throws InvalidInputError `reasonRequired`, `notConfirmed`; ConflictError `unknownToken`, `selectionChanged`
   */
  async execute(
    request: {
      readonly token: string;
      readonly count: number;
      readonly reason: string;
      readonly actor: string;
    },
    now = new Date(),
  ): Promise<BulkResult> {
    const { token, count, actor } = request;
    const reason = request.reason.trim();
    if (reason === '') throw invalid('reasonRequired', 'reason', 'Say why: every tenant will read it.');
    const tokenSha256 = hashToken(token);
    const stored = await this.actions.find(tokenSha256, now);
    if (stored === undefined || stored.actor !== actor) throw unknownToken();
    if (stored.tenants !== count)
      throw invalid('notConfirmed', 'count', `It is about ${stored.tenants} tenants.`);
    const selected = await this.select(stored.action, stored.filter, now);
    if (hashOf(selected) !== stored.tenantsSha256) {
      const message = `There were ${stored.tenants} tenants when this was counted, and it would be ${selected.length} now, or others. Count again.`;
      throw new ConflictError('selectionChanged', message);
    }
    if (!(await this.actions.begin(tokenSha256, reason, now))) throw unknownToken();
    const result = await this.work(stored.action, selected, reason, `${actor}, operator`);
    await this.actions.finish(tokenSha256, result);
    return result;
  }

  /** Those for whom it would change something. */
  private async select(action: BulkAction, filter: FleetFilter, now: Date): Promise<JudgedTenant[]> {
    const tenants = selectTenants(judgeTenants(await this.fleet.tenants(now), now), filter);
    return tenants.filter(({ state }) => {
      if (action === 'freeze') return state === 'on';
      return action === 'on' ? state !== 'on' : state !== 'off';
    });
  }

  private async work(
    action: BulkAction,
    selected: readonly JudgedTenant[],
    reason: string,
    actor: string,
  ): Promise<BulkResult> {
    const failed: { tenant: string; code: string; message: string }[] = [];
    let changed = 0;
    const queue = selected.values();
    const worker = async () => {
      // The iterator is shared: each turn takes the next tenant.
      for (const { tenantId, slug } of queue) {
        try {
          if (await this.change(action, tenantId, reason, actor)) changed++;
        } catch (error) {
          if (!(error instanceof NightshiftError)) throw error;
          failed.push({ tenant: slug, code: error.code, message: error.message });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { changed, unchanged: selected.length - changed - failed.length, failed };
  }

  private async change(
    action: BulkAction,
    tenantId: number,
    reason: string,
    actor: string,
  ): Promise<boolean> {
    const tenant = await this.tenants.findById(tenantId);
    if (tenant === undefined) return false;
    if (action === 'run') return !(await this.runs.request(tenant, { requestedBy: actor, reason })).joined;
    const state = action === 'freeze' ? 'frozen' : 'on';
    return (await this.lifecycle.change(tenant, { state, reason, actor })).changed;
  }
}

function hashOf(tenants: readonly JudgedTenant[]): string {
  const ids = tenants.map(({ tenantId }) => tenantId).sort((a, b) => a - b);
  return createHash('sha256').update(ids.join()).digest('hex');
}

function unknownToken(): ConflictError {
  return new ConflictError('unknownToken', 'This was not prepared by you, was used, or has expired.');
}

function invalid(code: string, field: string, message: string): InvalidInputError {
  return new InvalidInputError(code, message, [{ field, code, message }]);
}
