import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import type { TemplateRepository } from '../template/template-version.js';
import { compareCohorts, type CohortComparison, type CohortEvidence } from './compare-cohorts.js';
import { isLookDue, judgeRollout } from './judge-rollout.js';
import {
  cutoffFor,
  DEFAULT_SHARES,
  DEFAULT_THRESHOLDS,
  type FleetMember,
  type Rollout,
  type RolloutEvent,
  type RolloutState,
  type RolloutStep,
  type RolloutThresholds,
} from './rollout.js';

export interface NewRollout extends Pick<
  Rollout,
  'rolloutId' | 'templateVersion' | 'seed' | 'shares' | 'thresholds' | 'reason' | 'startedBy'
> {
  readonly step: RolloutStep;
}

export type NewRolloutEvent = Omit<RolloutEvent, 'at'>;

/** Roll-outs and who has which version; each change is one transaction, with its event. */
export abstract class RolloutRepository {
  abstract members(): Promise<FleetMember[]>;
  /** The version that new tenants get. */
  abstract versionInUse(): Promise<number>;
  /** Newest first. */
  abstract list(limit: number): Promise<Rollout[]>;
  abstract find(rolloutId: string): Promise<Rollout | undefined>;
  abstract running(): Promise<Rollout | undefined>;
  /** Oldest first. */
  abstract events(rolloutId: string): Promise<RolloutEvent[]>;
  /** `undefined` when another one is running. Tenants up to the step's cutoff get the version. */
  abstract start(rollout: NewRollout): Promise<Rollout | undefined>;
  /** False when it has ended or somebody else has taken the step. */
  abstract widen(rollout: Rollout, step: RolloutStep, event: NewRolloutEvent): Promise<boolean>;
  /**
   * False when it has ended already. Stopped: every tenant gets the former version again, and runs that have not begun with it.
   */
  abstract end(
    rollout: Rollout,
    state: Exclude<RolloutState, 'running'>,
    event: NewRolloutEvent,
  ): Promise<boolean>;
  /** Tenants that came after the last step take their place. */
  abstract placeNewcomers(rollout: Rollout): Promise<void>;
  abstract evidence(rollout: Rollout): Promise<CohortEvidence>;
  abstract recordComparison(
    rollout: Rollout,
    comparison: CohortComparison,
    look: { readonly looks: number; readonly judgedRuns: number } | undefined,
    at: Date,
  ): Promise<void>;
}

export interface RolloutRequest {
  readonly templateVersion: number;
  readonly reason: string;
  readonly actor: string;
  readonly shares?: readonly number[];
  readonly thresholds?: Partial<RolloutThresholds>;
}

const LARGEST_SEED = 2 ** 31;
/** Who acts when nobody does. */
export const ROLLOUT_GUARD = 'the roll-out guard';

/** A new template version for a few tenants first; back to the former one as soon as they fare worse. */
export class RolloutService {
  constructor(
    private readonly rollouts: RolloutRepository,
    private readonly templates: TemplateRepository,
    private readonly createId: () => string,
    private readonly random: () => number = Math.random,
  ) {}

  /** @throws NotFoundError; ConflictError `rolloutRunning`, `alreadyInUse`; InvalidInputError */
  async start(request: RolloutRequest, now = new Date()): Promise<Rollout> {
    const { templateVersion, actor, shares = DEFAULT_SHARES } = request;
    const reason = checkReason(request.reason);
    checkShares(shares);
    const thresholds = { ...DEFAULT_THRESHOLDS, ...request.thresholds };
    if ((await this.templates.find(templateVersion)) === undefined)
      throw new NotFoundError('template version', String(templateVersion));
    if ((await this.rollouts.versionInUse()) === templateVersion)
      throw new ConflictError('alreadyInUse', `All tenants have template version ${templateVersion}.`);
    const seed = Math.floor(this.random() * LARGEST_SEED);
    const rollout = await this.rollouts.start({
      ...{ rolloutId: this.createId(), templateVersion, seed, shares, thresholds, reason, startedBy: actor },
      step: { share: shares[0], cutoff: await this.cutoff(seed, shares[0]), at: now },
    });
    if (rollout === undefined)
      throw new ConflictError('rolloutRunning', 'A roll-out is running: stop or complete it first.');
    return rollout;
  }

  /** To the next share. @throws ConflictError `rolloutEnded`, `notEnoughNights` */
  async widen(rolloutId: string, text: string, actor: string, now = new Date()): Promise<Rollout> {
    const reason = checkReason(text);
    const rollout = await this.getRunning(rolloutId);
    const { seed, shares, steps } = rollout;
    const share = shares.at(steps.length);
    if (share === undefined) throw new ConflictError('fullyRolledOut', 'All tenants have it: complete it.');
    const { present } = await this.compare(rollout, now);
    if (2 * present.failing.of < present.tenants) {
      const message = `Only ${present.failing.of} of ${present.tenants} tenants have had a night with it: wait for at least half of them.`;
      throw new ConflictError('notEnoughNights', message);
    }
    const step = { share, cutoff: await this.cutoff(seed, share), at: now };
    const event = { action: 'widened', actor, reason, detail: { share } } as const;
    if (!(await this.rollouts.widen(rollout, step, event))) throw ended();
    return this.get(rolloutId);
  }

  /** Everybody back to the former version. */
  async stop(rolloutId: string, text: string, actor: string): Promise<Rollout> {
    const reason = checkReason(text);
    const rollout = await this.getRunning(rolloutId);
    const event = { action: 'stopped', actor, reason, detail: {} } as const;
    if (!(await this.rollouts.end(rollout, 'stopped', event))) throw ended();
    return this.get(rolloutId);
  }

  /** The version is the one that new tenants get from now on. @throws ConflictError `notFullyRolledOut` */
  async complete(rolloutId: string, text: string, actor: string): Promise<Rollout> {
    const reason = checkReason(text);
    const rollout = await this.getRunning(rolloutId);
    if (rollout.steps.at(-1)?.share !== 1)
      throw new ConflictError('notFullyRolledOut', 'Not all tenants have it yet.');
    const event = { action: 'completed', actor, reason, detail: {} } as const;
    if (!(await this.rollouts.end(rollout, 'completed', event))) throw ended();
    return this.get(rolloutId);
  }

  list(limit = 50): Promise<Rollout[]> {
    return this.rollouts.list(limit);
  }

  /** @throws NotFoundError */
  async get(rolloutId: string): Promise<Rollout & { readonly events: RolloutEvent[] }> {
    const rollout = await this.rollouts.find(rolloutId);
    if (rollout === undefined) throw new NotFoundError('roll-out', rolloutId);
    return { ...rollout, events: await this.rollouts.events(rolloutId) };
  }

  /** What the platform does by itself, again and again. Answers whether it has stopped a roll-out. */
  async watch(now = new Date()): Promise<boolean> {
    const rollout = await this.rollouts.running();
    if (rollout === undefined) return false;
    await this.rollouts.placeNewcomers(rollout);
    const comparison = await this.compare(rollout, now);
    const { endedRuns } = comparison.present;
    if (!isLookDue(rollout, endedRuns)) {
      await this.rollouts.recordComparison(rollout, comparison, undefined, now);
      return false;
    }
    const looks = rollout.looks + 1;
    await this.rollouts.recordComparison(rollout, comparison, { looks, judgedRuns: endedRuns }, now);
    const reasons = judgeRollout(comparison, rollout.thresholds, looks);
    if (reasons.length === 0) return false;
    const reason = reasons.map(({ sentence }) => sentence).join(' ');
    const detail = { measures: reasons.map(({ measure }) => measure), look: looks };
    const event = { action: 'stoppedByItself', actor: ROLLOUT_GUARD, reason, detail } as const;
    return this.rollouts.end(rollout, 'stopped', event);
  }

  private async compare(rollout: Rollout, now: Date): Promise<CohortComparison> {
    return compareCohorts(rollout, await this.rollouts.evidence(rollout), now);
  }

  private async cutoff(seed: number, share: number): Promise<number> {
    const members = await this.rollouts.members();
    const ids = members.map(({ tenantId }) => tenantId);
    return cutoffFor(seed, ids, share);
  }

  private async getRunning(rolloutId: string): Promise<Rollout> {
    const rollout = await this.get(rolloutId);
    if (rollout.state !== 'running') throw ended();
    return rollout;
  }
}

function ended(): ConflictError {
  return new ConflictError('rolloutEnded', 'This roll-out has ended, or somebody else has just changed it.');
}

function checkReason(text: string): string {
  const reason = text.trim();
  if (reason !== '') return reason;
  throw new InvalidInputError('reasonRequired', 'Say why: it is recorded.', [
    { field: 'reason', code: 'required', message: 'must not be empty' },
  ]);
}

function checkShares(shares: readonly number[]): void {
  const rise = shares.every((share, index) => share > (shares[index - 1] ?? 0));
  if (shares.length > 0 && rise && shares.at(-1) === 1) return;
  const message = 'must rise from above 0 to 1';
  throw new InvalidInputError('invalidShares', `Shares ${message}.`, [
    { field: 'shares', code: 'invalid', message },
  ]);
}
