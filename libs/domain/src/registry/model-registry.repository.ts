import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import type { RunLease, RunOutcome } from '../runs/run.js';
import type { TenantId } from '../tenants/tenant.js';
import type { Verdict } from '../verdicts/verdict.js';
import type { ModelVersion, NewModelVersion, NewPublication, ServingPointer } from './model-version.js';

/** A verdict with the versions that it was about. */
export interface RecordedVerdict {
  readonly championVersion: number | undefined;
  readonly challengerVersion: number;
  readonly verdict: Verdict;
}

export interface StoredVerdict {
  readonly runId: string;
  readonly lane: string;
  readonly championVersion: number | undefined;
  readonly challengerVersion: number;
  readonly promoted: boolean;
  readonly reasonCode: string;
  readonly sentence: string;
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

export interface PublishRequest {
  readonly publication: NewPublication;
  readonly verdicts: readonly RecordedVerdict[];
  /** The revision that the decision was based on; 0 when nothing was served yet. */
  readonly expectedRevision: number;
  /** What the run ends as when it is published. */
  readonly outcome: RunOutcome;
  /** Set when a person asked for the version: their choice is written down with it. */
  readonly byHand?: ChosenByHand;
}

export interface ChosenByHand {
  readonly actor: string;
  readonly reason: string;
  /** Whoever froze the recommender since then has had the last word. */
  readonly requestedAt: Date;
}

export interface MoveRequest {
  readonly version: number;
  readonly reason: string;
  readonly actor: string;
}

/** A person's choice of another version, written down for good. */
export interface RegistryChange {
  readonly changeId: string;
  readonly fromVersion: number | undefined;
  readonly toVersion: number;
  readonly reason: string;
  readonly actor: string;
  readonly changedAt: Date;
}

/** The newest run whose verdict rests on a training, its own or one that it found to be still good. */
export interface JudgedRun {
  readonly runId: string;
  /** When its picture of the data was taken. */
  readonly dataAt: Date;
  /** Interactions in that picture. */
  readonly interactions: number;
  /** Hash of everything that training and verdict rested on; undefined where a training was not complete. */
  readonly inputs: string | undefined;
  /** Version that it left in service. */
  readonly version: number;
  /** What its lists took "bought together" from, if it was trained: the next night may have to as well. */
  readonly neighbours: TrainedFile | undefined;
}

/** A model in the artifact store. */
export interface TrainedFile {
  readonly file: string;
  readonly sha256: string;
}

/** A tenant's model versions, verdicts and the pointer that its endpoint follows. */
export abstract class ModelRegistryRepository {
  abstract pointer(tenantId: TenantId): Promise<ServingPointer | undefined>;
  abstract lifecycle(tenantId: TenantId): Promise<LifecycleState>;
  abstract find(tenantId: TenantId, version: number): Promise<ModelVersion | undefined>;
  abstract list(tenantId: TenantId, limit: number): Promise<ModelVersion[]>;
  abstract lastJudged(tenantId: TenantId): Promise<JudgedRun | undefined>;
  abstract verdicts(tenantId: TenantId, limit: number): Promise<StoredVerdict[]>;
  /** Newest first. */
  abstract changes(tenantId: TenantId, limit: number): Promise<RegistryChange[]>;
  /** Gives a candidate its number; the same run and algorithm keep theirs on a retry, with what is true now. @throws LeaseLostError */
  abstract registerCandidate(lease: RunLease, candidate: NewModelVersion): Promise<number>;
  /**
   * One transaction: fencing token checked, verdicts written, champion moved by compare-and-swap, outbox row, run ended.
   * `superseded` when the tenant froze, switched off or moved its champion meanwhile: the verdicts are kept, nothing moves.
   * @throws LeaseLostError when another worker has taken over: nothing is written
   */
  abstract publish(lease: RunLease, request: PublishRequest): Promise<'published' | 'superseded'>;
  /** Points the endpoint at the newest lists of an earlier version. @throws NotFoundError when they are not kept any more */
  abstract moveTo(tenantId: TenantId, request: MoveRequest, keptVersions: number): Promise<ServingPointer>;
  /** What must stay on disk: everything that serves, may be rolled back to, or belongs to the unfinished run. */
  abstract keptFiles(tenantId: TenantId, keptVersions: number): Promise<KeptFiles>;
}

export interface KeptFiles {
  readonly listFiles: ReadonlySet<string>;
  readonly artifacts: ReadonlySet<string>;
  /** The unfinished run, if any: its files are in use. */
  readonly activeRunId: string | undefined;
}
