import {
  decodeArtifact,
  encodeArtifact,
  NightshiftError,
  type ArtifactStore,
  type StageName,
} from '#libs/domain';

export interface SavedArtifact {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * What the stages of one run hand on to one another. Everything is on disk before a stage counts as finished, so that
 * another worker can go on; within one process it stays in memory as well.
 */
export class RunWorkspace {
  private readonly inMemory = new Map<string, unknown>();

  constructor(
    private readonly store: ArtifactStore,
    private readonly tenantId: number,
    private readonly runId: string,
    /** Stands in every name: a worker that has lost the run cannot overwrite what its successor wrote. */
    private readonly fencingToken: number,
  ) {}

  /** Folder of the run's own files; models live elsewhere, because they outlive the run. */
  get folder(): string {
    return `tenants/${this.tenantId}/runs/${this.runId}`;
  }

  modelFile(algorithm: string): string {
    return `tenants/${this.tenantId}/models/${this.runId}-${this.fencingToken}-${algorithm}.model`;
  }

  async save(stage: StageName, value: object): Promise<SavedArtifact> {
    return this.saveAs(`${this.folder}/${stage}-${this.fencingToken}`, value);
  }

  async saveAs(file: string, value: object): Promise<SavedArtifact> {
    const written = await this.store.write(file, encodeArtifact(value));
    this.inMemory.set(file, value);
    return { file, ...written };
  }

  /**
   * Names come from the database, and whatever they say, nothing of another tenant is read.
   * @throws NightshiftError `artifactMissing`, `artifactCorrupt`, `foreignArtifact`
   */
  async load<T>({ file, sha256 }: { file: string; sha256: string }): Promise<T> {
    if (!this.isOwn(file)) {
      throw new NightshiftError(
        'internal',
        'foreignArtifact',
        `${file} is no file of tenant ${this.tenantId}.`,
      );
    }
    if (!this.inMemory.has(file))
      this.inMemory.set(file, decodeArtifact<T>(await this.store.read(file, sha256)));
    return this.inMemory.get(file) as T;
  }

  private isOwn(file: string): boolean {
    return file.startsWith(`tenants/${this.tenantId}/`) && !file.split('/').includes('..');
  }

  /** Ends the run's own files. */
  async clear(): Promise<void> {
    this.inMemory.clear();
    await this.store.removeFolder(this.folder);
  }
}
