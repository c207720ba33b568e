// A worker that is frozen past its lease, and what becomes of what it still wants to write.
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseLostError, type RunLease } from '#libs/domain';
import { PostgresModelRegistryRepository } from '#libs/persistence';
import type { AppProcess } from '../platform/app-process.ts';
import type { FleetPlatform } from '../platform/fleet-platform.ts';

const PATIENCE_MS = 60_000;

export interface StaleWriters {
  /** Runs that it held when it was frozen, and that others have taken over since. */
  readonly takenOver: number;
  /** What it wanted to write when it woke up, refused by the token: from its own log. */
  readonly refusedWrites: number;
  /** The publishing transaction itself, begun with the lost token while and after the other worker had the run. */
  readonly refusedPublishes: number;
  readonly acceptedPublishes: number;
}

type Stored = Pick<FleetPlatform, 'query' | 'tenants'>;

export interface HeldRun {
  readonly tenant_id: number;
  readonly run_id: string;
  readonly fencing_token: number;
}

/** @returns undefined when the worker held nothing at that moment */
export async function freezePastLease(
  platform: FleetPlatform,
  worker: AppProcess,
): Promise<StaleWriters | undefined> {
  worker.signal('SIGSTOP');
  try {
    const held = await heldBy(platform, worker);
    if (held.length === 0) return undefined;
    await untilTakenOver(platform, held);
    const during = await tryToPublish(platform, held);
    worker.signal('SIGCONT');
    const refusedWrites = await untilRefused(worker, held);
    const after = await tryToPublish(platform, held);
    return {
      takenOver: held.length,
      refusedWrites,
      refusedPublishes: during.refused + after.refused,
      acceptedPublishes: during.accepted + after.accepted,
    };
  } finally {
    worker.signal('SIGCONT');
  }
}

/** What it holds now, by the number of its process. */
export function heldBy(platform: Stored, worker: AppProcess): Promise<HeldRun[]> {
  return platform.query<HeldRun>(
    `SELECT tenant_id, run_id, fencing_token FROM run WHERE status = 'running' AND lease_owner LIKE $1`,
    [`%-${worker.pid}-%`],
  );
}

export async function untilTakenOver(platform: Stored, held: readonly HeldRun[]): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const tokens = await platform.query<HeldRun>(
      'SELECT tenant_id, run_id, fencing_token FROM run WHERE run_id = ANY($1)',
      [held.map(({ run_id }) => run_id)],
    );
    const now = new Map(tokens.map((row) => [row.run_id, row.fencing_token]));
    if (held.every((run) => (now.get(run.run_id) ?? 0) > run.fencing_token)) return;
    if (Date.now() > end) throw new Error('Nobody has taken the runs of a frozen worker over.');
    await sleep(200);
  }
}

/** The real transaction with the lost token, as the frozen worker would begin it if that were its next step. */
export async function tryToPublish(platform: Stored, held: readonly HeldRun[]) {
  const registry = new PostgresModelRegistryRepository(platform.tenants);
  const counts = { refused: 0, accepted: 0 };
  for (const { tenant_id, run_id, fencing_token } of held) {
    const lease: RunLease = { tenantId: tenant_id, runId: run_id, fencingToken: fencing_token };
    const publication = {
      publicationId: run_id,
      modelVersion: 1,
      listFile: `${tenant_id}/${run_id}-${fencing_token}.mdb`,
      listSha256: '0'.repeat(64),
      customerLists: 0,
      fallbackLists: 0,
    };
    const request = { publication, verdicts: [], expectedRevision: 0, outcome: 'promoted' as const };
    try {
      await registry.publish(lease, request);
      counts.accepted++;
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      counts.refused++;
    }
  }
  return counts;
}

interface LeftRecord {
  readonly runId: string;
  readonly result: { readonly ended: string };
}

/** Awake again it goes on where it was, and what it writes next is refused. */
export async function untilRefused(worker: AppProcess, held: readonly HeldRun[]): Promise<number> {
  const mine = new Set(held.map(({ run_id }) => run_id));
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const left = worker.records<LeftRecord>('run left the worker').filter(({ runId }) => mine.has(runId));
    const refused = new Set(
      left.filter(({ result }) => result.ended === 'leaseLost').map(({ runId }) => runId),
    );
    if (refused.size === held.length || Date.now() > end) return refused.size;
    await sleep(200);
  }
}
