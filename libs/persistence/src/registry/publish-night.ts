import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { LeaseLostError, SUPERSEDED_SENTENCE, type PublishRequest, type RunLease } from '#libs/domain';
import type { Statement } from '../database/one-statement.js';
import { POINTER } from './registry-statements.js';
import { asking, compareAndSwap, lockState, type Ask } from './swap-pointer.js';

// $1 tenant, $2 run
const LOCK_LEASE: Statement = {
  name: 'publish.lock-lease',
  text: `SELECT run_id FROM run
    WHERE tenant_id = $1 AND run_id = $2 AND fencing_token = $3 AND status = 'running' FOR UPDATE`,
};
const VERDICT: Statement = {
  name: 'publish.verdict',
  text: `INSERT INTO verdict (tenant_id, run_id, lane, champion_version, challenger_version, promoted, reason_code, sentence, numbers)
    VALUES ($1, $2, $3::verdict_lane, $4, $5, $6, $7, $8, $9::jsonb)`,
};
const PUBLICATION: Statement = {
  name: 'publish.publication',
  text: `INSERT INTO publication (tenant_id, run_id, publication_id, model_version, list_file, list_sha256, customer_lists,
      fallback_lists)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};
const CHANGE: Statement = {
  name: 'publish.change',
  text: `INSERT INTO registry_change (tenant_id, change_id, from_version, to_version, reason, actor, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};
/** $3 what the run ends as, $4 output of the stage */
const END: Statement = {
  name: 'publish.end',
  text: `
    WITH rejected AS (
      UPDATE model_version SET status = 'rejected' WHERE tenant_id = $1 AND run_id = $2 AND status = 'candidate'),
    staged AS (
      UPDATE run_stage SET status = 'succeeded', progress = 1, finished_at = clock_timestamp(), output = $4::jsonb
      WHERE tenant_id = $1 AND run_id = $2 AND stage = 'publish' RETURNING tenant_id, run_id)
    UPDATE run SET status = 'succeeded', active = NULL, outcome = $3, finished_at = clock_timestamp(), lease_owner = NULL,
      lease_until = NULL
    FROM staged WHERE run.tenant_id = staged.tenant_id AND run.run_id = staged.run_id RETURNING run.run_id`,
};

interface PointerRow {
  readonly modelVersion: number;
  readonly revision: number;
}

/** The transaction that makes a night count. */
export async function publishNight(
  client: pg.PoolClient,
  lease: RunLease,
  request: PublishRequest,
): Promise<'published' | 'superseded'> {
  const ask = asking(client);
  const { tenantId, runId, fencingToken } = lease;
  const { publication } = request;
  if ((await ask(LOCK_LEASE, [tenantId, runId, fencingToken])).length === 0) throw new LeaseLostError(runId);
  const { state, changedAt: stateChangedAt } = await lockState(ask, tenantId);
  const pointer: PointerRow | undefined = (await ask<PointerRow>(POINTER, [tenantId]))[0];
  const unmoved = (pointer?.revision ?? 0) === request.expectedRevision;
  const { byHand } = request;
  // A person may choose where nights may not; but who froze after them has had the last word.
  const isTheirs = byHand !== undefined && stateChangedAt <= byHand.requestedAt;
  const stays = pointer?.modelVersion === publication.modelVersion;
  const allowed = state === 'on' || (state === 'frozen' && (isTheirs || stays));
  const published = unmoved && allowed;
  await writeVerdicts(ask, lease, request, published);
  if (published) {
    const { publicationId, modelVersion, listFile, listSha256, customerLists, fallbackLists } = publication;
    const lists = [listFile, listSha256, customerLists, fallbackLists];
    await ask(PUBLICATION, [tenantId, runId, publicationId, modelVersion, ...lists]);
    const movedAt = await compareAndSwap(ask, tenantId, pointer, publication);
    if (byHand !== undefined) {
      const { reason, actor } = byHand;
      const versions = [pointer?.modelVersion ?? null, modelVersion];
      await ask(CHANGE, [tenantId, randomUUID(), ...versions, reason, actor, movedAt]);
    }
  }
  const outcome = published ? request.outcome : 'superseded';
  const ended = await ask(END, [tenantId, runId, outcome, JSON.stringify({ published, ...publication })]);
  if (ended.length === 0) throw new Error('The stage that publishes has not begun.');
  return published ? 'published' : 'superseded';
}

async function writeVerdicts(
  ask: Ask,
  { tenantId, runId }: RunLease,
  request: PublishRequest,
  published: boolean,
): Promise<void> {
  for (const { verdict, championVersion, challengerVersion } of request.verdicts) {
    const { lane, promoted, reasonCode, sentence, ...numbers } = verdict;
    const overruled = promoted && !published;
    await ask(VERDICT, [
      ...[tenantId, runId, lane, championVersion ?? null, challengerVersion, promoted && published],
      overruled ? 'superseded' : reasonCode,
      overruled ? SUPERSEDED_SENTENCE : sentence,
      JSON.stringify(numbers),
    ]);
  }
}
