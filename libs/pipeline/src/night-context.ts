import type { Executor } from '#libs/algorithms';
import type {
  ArtifactStore,
  DataQualityRepository,
  ListStore,
  ModelRegistryRepository,
  OfferingRepository,
  PipelineTemplate,
  Run,
  RunLease,
  RunOutcome,
  SnapshotSource,
  StageName,
  TemplateCatalogue,
  Tenant,
} from '#libs/domain';
import type { RunWorkspace } from './workspace/run-workspace.js';

/** Parts of a night that are numerics; the rest is what it takes to get there and to tell of it. */
export type NumericsPart = 'prepare' | 'train' | 'evaluate' | 'decide' | 'rank' | 'rerank';

/** Does the work, and may count what it costs. */
export type MeasureNumerics = <T>(part: NumericsPart, work: () => Promise<T>) => Promise<T>;

/** What a stage needs from outside. */
export interface NightPorts {
  readonly source: SnapshotSource;
  readonly artifacts: ArtifactStore;
  readonly lists: ListStore;
  readonly registry: ModelRegistryRepository;
  readonly quality: DataQualityRepository;
  readonly offerings: OfferingRepository;
  readonly templates: TemplateCatalogue;
  readonly executor: Executor;
  /** Every call into the numerics goes through this. */
  readonly numerics: MeasureNumerics;
  /** What one run may take at once for fitting a model. */
  readonly fitMemoryBytes: number;
  readonly codeVersion: string;
}

/** One run of one tenant, as a stage sees it. */
export interface NightContext extends NightPorts {
  readonly tenant: Tenant;
  readonly run: Run;
  readonly lease: RunLease;
  /** The template with the tenant's settings on top. */
  readonly template: PipelineTemplate;
  readonly workspace: RunWorkspace;
  /** Output of an earlier stage of this run. */
  output<T>(stage: StageName): T;
  /** @param share 0 to 1 */
  progress(share: number): void;
  /** A line of the stage's log, shown as it comes. No id of a customer may stand in it. */
  log(message: string): void;
  /** Something that does not end the run, but that an operator should know of. */
  warn(message: string): void;
}

/** What a stage leaves in its row: small JSON, with the names and hashes of what lies on disk. */
export interface StageResult {
  readonly output: object;
  /** Set when the run ends here. */
  readonly ends?: RunOutcome;
}

export type Stage = (context: NightContext) => Promise<StageResult>;
