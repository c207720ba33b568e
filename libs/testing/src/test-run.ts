import { randomUUID } from 'node:crypto';
import {
  decideVerdict,
  PIPELINE_TEMPLATE,
  type NewModelVersion,
  type NewPublication,
  type RecordedVerdict,
  type Run,
  type RunLease,
  type Tenant,
  type VerdictLane,
} from '#libs/domain';
import { PostgresRunRepository } from '#libs/persistence';
import type { TestDatabase } from './test-database.js';

/** A run that a worker has claimed and that nobody will take from it. */
export async function claimTestRun(
  database: TestDatabase,
  tenant: Tenant,
  reason?: string,
): Promise<{ run: Run; lease: RunLease }> {
  const runs = new PostgresRunRepository(database.tenants);
  const { templateVersion } = tenant;
  const request = { night: '2026-11-21', seed: 1, templateVersion, requestedBy: 'test', reason };
  const { run } = await runs.requestManual(tenant.id, request);
  const claimed = await runs.claim(tenant.id, run.runId, 'test worker', 3_600_000);
  if (claimed === undefined) throw new Error('The test run could not be claimed.');
  return claimed;
}

export function newModelVersion(
  runId: string,
  algorithm = 'hybrid',
  change: Partial<NewModelVersion> = {},
): NewModelVersion {
  return {
    runId,
    recipe: { algorithm, params: { factors: 32 } },
    seed: 1,
    watermark: new Date('2026-11-20T22:00:00Z'),
    snapshotHash: 'a'.repeat(64),
    holdoutFrom: new Date('2026-10-23T22:00:00Z'),
    codeVersion: 'test',
    metrics: { 'ndcg@10': 0.25 },
    trainingSeconds: 1.5,
    artifact: `tenants/x/models/${runId}-${algorithm}.model`,
    artifactSha256: 'b'.repeat(64),
    ...change,
  };
}

export function newPublication(modelVersion: number): NewPublication {
  const publicationId = randomUUID();
  return {
    publicationId,
    modelVersion,
    listFile: `${publicationId}.mdb`,
    listSha256: 'c'.repeat(64),
    customerLists: 3,
    fallbackLists: 1,
  };
}

/** A verdict on made-up numbers that promotes the challenger, or keeps the champion. */
export function recordedVerdict(
  championVersion: number | undefined,
  challengerVersion: number,
  promoted: boolean,
  lane: VerdictLane = championVersion === undefined ? 'first' : 'change',
): RecordedVerdict {
  const gain = promoted ? -0.1 : 0.1;
  const reference = { algorithm: 'ials', rmse: 1, ndcg10: 0.2, coverage10: 0.5 };
  const challenger = { algorithm: 'hybrid', rmse: 1 + gain, ndcg10: 0.2 - gain, coverage10: 0.5 };
  const rmse = { difference: gain, low: gain - 0.01, high: gain + 0.01 };
  const ndcg10 = { difference: -gain, low: -gain - 0.01, high: -gain + 0.01 };
  const evidence = { lane, reference, challenger, customers: 500, rows: 5_000, rmse, ndcg10 };
  return { championVersion, challengerVersion, verdict: decideVerdict(evidence, PIPELINE_TEMPLATE.gate) };
}
