import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Executor, FitContext, TrainingSet } from '#libs/algorithms';
import { executorWith } from '../thread-executor.ts';
import type { DataSet, SyntheticShape } from './data-sets.ts';
import { dataSetOf, readNcfTrain, syntheticTraining } from './data-sets.ts';
import { PeerProcess } from './peer-process.ts';
import { say } from './say.ts';

/** Fixed before the first run. */
export const SEED = 20261121;

const SYNTHETIC: Record<string, SyntheticShape> = {
  '10m': { customers: 70_000, products: 20_000, pairs: 10_000_000 },
  '27k': { customers: 10_000, products: 27_000, pairs: 1_000_000 },
};
export type DataSetName = 'ml1m' | '10m' | '27k';

interface SessionOptions {
  readonly python: string;
  readonly dataFolder: string;
  readonly rounds: number;
  readonly variant: NonNullable<FitContext['variant']>;
}

/** What all comparisons share: data, threads of ours and processes of the peers, each made when it is first asked for. */
export class Session {
  readonly rounds: number;
  readonly variant: NonNullable<FitContext['variant']>;
  readonly dataFolder: string;
  private readonly python: string;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'nightshift-peers-'));
  private readonly dataSets = new Map<DataSetName, DataSet>();
  private readonly executors = new Map<number, ReturnType<typeof executorWith>>();
  private readonly peers = new Map<number, PeerProcess>();
  private known: Record<string, string> = {};

  constructor({ python, dataFolder, rounds, variant }: SessionOptions) {
    this.python = python;
    this.dataFolder = dataFolder;
    this.rounds = rounds;
    this.variant = variant;
  }

  async start(): Promise<void> {
    this.known = await this.peer(1).ask<Record<string, string>>('versions');
  }

  versionOf(library: string): string {
    return `${library} ${this.known[library]}`;
  }

  fileFor(name: string): string {
    return path.join(this.folder, name);
  }

  context(threads: number): FitContext & { readonly executor: Executor } {
    let executor = this.executors.get(threads);
    if (executor === undefined) this.executors.set(threads, (executor = executorWith(threads)));
    return { seed: SEED, executor, variant: this.variant };
  }

  peer(threads: number): PeerProcess {
    let peer = this.peers.get(threads);
    if (peer === undefined) this.peers.set(threads, (peer = new PeerProcess(this.python, threads)));
    return peer;
  }

  /** The data set, loaded on both sides. */
  async data(name: DataSetName, threads: number): Promise<{ training: TrainingSet; peer: PeerProcess }> {
    let data = this.dataSets.get(name);
    if (data === undefined) {
      const training =
        name === 'ml1m' ? readNcfTrain(this.dataFolder) : syntheticTraining(SYNTHETIC[name], SEED);
      const { rows, columns, offsets } = training.byCustomer;
      say(`data ${name}: ${rows} customers, ${columns} products, ${offsets[rows]} pairs`);
      this.dataSets.set(name, (data = dataSetOf(name, training, this.folder)));
    }
    const peer = this.peer(threads);
    await peer.load(data.matrix);
    return { training: data.training, peer };
  }

  async close(): Promise<void> {
    for (const peer of this.peers.values()) peer.close();
    for (const executor of this.executors.values()) await executor.close?.();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
