import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { bearer, type Ask } from './ask.ts';
import { findForeign } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { jsonHeaders } from './fill-operation.ts';
import type { Trial } from './trial-tenant.ts';
import { filesBelow } from './witness.ts';

export interface ForgingGround {
  readonly trial: Trial;
  readonly ledger: Ledger;
  /** The application's login: what it may write of A, A's attacker writes. */
  readonly app: pg.Client;
  readonly admin: pg.Client;
  readonly api: Ask;
  readonly serving: Ask;
  readonly stateDir: string;
  /** Runs a night of A to its end. */
  readonly night: () => Promise<unknown>;
}

const PREVIEW = JSON.stringify({ rules: [], sample: 5 });

/** Rows of A that name files of B: whoever opens a file looks whose it is. */
export async function attackWithForgedNames(ground: ForgingGround): Promise<void> {
  const { trial, ledger, admin, stateDir } = ground;
  const { a, b } = trial;
  const own = (await pointerOf(admin, a.id)) as PointerRow;
  const foreign = (await pointerOf(admin, b.id)) as PointerRow;
  // A names B's files, which are called after runs.
  for (const id of b.ids.runId) trial.written.add(id);
  const link = `${a.id}/linked.mdb`;
  symlinkSync(path.join(stateDir, 'lists', foreign.list_file), path.join(stateDir, 'lists', link));
  try {
    for (const file of [foreign.list_file, link, `${a.id}/../${foreign.list_file}`, `/etc/passwd`]) {
      for (const version of [foreign.model_version, own.model_version]) {
        await pointAt(ground, { ...foreign, list_file: file, model_version: version });
        // Serving nodes look every second.
        await sleep(1_500);
        await lookEverywhere(
          ground,
          `A's pointer names ${file === link ? 'a link' : file} as version ${version}`,
        );
      }
    }
  } finally {
    await pointAt(ground, own);
    rmSync(path.join(stateDir, 'lists', link), { force: true });
  }
  await forgeModels(ground);
  await forgeFiles(ground);
  for (const change of await trial.changesOfB()) ledger.found('files', 'all of them', change);
}

interface PointerRow {
  readonly model_version: number;
  readonly publication_id: string;
  readonly list_file: string;
}

async function pointerOf(admin: pg.Client, tenantId: number): Promise<PointerRow | undefined> {
  const sql = 'SELECT model_version, publication_id, list_file FROM serving_pointer WHERE tenant_id = $1';
  return (await admin.query<PointerRow>(sql, [tenantId])).rows[0];
}

async function asA({ app, trial }: ForgingGround, sql: string, values: readonly unknown[]): Promise<void> {
  await app.query('BEGIN');
  await app.query(`SELECT set_config('app.tenant_id', $1, true)`, [String(trial.a.id)]);
  await app.query(sql, [...values]);
  await app.query('COMMIT');
}

function pointAt(ground: ForgingGround, row: PointerRow): Promise<void> {
  return asA(
    ground,
    `UPDATE serving_pointer SET list_file = $1, model_version = $2, publication_id = $3, revision = revision + 1`,
    [row.list_file, row.model_version, row.publication_id],
  );
}

/** All who open a list file: a request, a preview, an export. */
async function lookEverywhere(ground: ForgingGround, name: string): Promise<void> {
  const { trial, ledger, api, serving, stateDir } = ground;
  const { a, b, canaries } = trial;
  const at = `/v1/tenants/${a.slug}`;
  const key = a.keys.all;
  for (const customer of ['shared-customer', b.ids.customerId[0], 'nobody']) {
    const question = {
      method: 'GET',
      path: `${at}/recommendations/${customer}?count=5`,
      headers: bearer(key),
    };
    const answer = await serving(question);
    ledger.judged('files', `${name}: a request`, findForeign(answer, canaries, b.ids.customerId));
  }
  const preview = { method: 'POST', path: `${at}/rules/preview`, headers: jsonHeaders(key), body: PREVIEW };
  ledger.judged('files', `${name}: a preview`, findForeign(await api(preview), canaries, []));
  const asked = await api({
    method: 'POST',
    path: `${at}/exports`,
    headers: jsonHeaders(key),
    body: '{"format":"csv"}',
  });
  const { exportId } = JSON.parse(asked.body) as { exportId: string };
  const status = await exportEnded(ground, exportId);
  const file = await api({ method: 'GET', path: `${at}/exports/${exportId}/file`, headers: bearer(key) });
  const written = filesBelow(path.join(stateDir, 'exports', String(a.id))).filter((one) =>
    one.includes(exportId),
  );
  const stored = written.flatMap((one) => canaries.findIn(readFileSync(one)));
  const findings = [
    ...findForeign(file, canaries, []),
    ...stored.map((one) => `${one} in the file (${status})`),
  ];
  ledger.judged('files', `${name}: an export`, findings);
}

async function exportEnded({ admin }: ForgingGround, exportId: string): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const { rows } = await admin.query<{ status: string; attempt: number }>(
      'SELECT status::text, attempt FROM list_export WHERE export_id = $1',
      [exportId],
    );
    const { status, attempt } = rows[0];
    if (status === 'succeeded' || status === 'failed' || attempt > 1) return status;
    await sleep(100);
  }
  return 'never ended';
}

/** The next night compares with the champion's model: here with B's. */
async function forgeModels(ground: ForgingGround): Promise<void> {
  const { trial, ledger, admin, stateDir } = ground;
  const { a, b, canaries } = trial;
  const { rows } = await admin.query<{ artifact: string; artifact_sha256: string }>(
    `SELECT artifact, artifact_sha256 FROM model_version JOIN serving_pointer p USING (tenant_id)
     WHERE tenant_id = $1 AND version = p.model_version`,
    [b.id],
  );
  const names = [rows[0].artifact, `tenants/${a.id}/../${b.id}/models/${path.basename(rows[0].artifact)}`];
  for (const artifact of names) {
    const sql = 'SELECT version, artifact, artifact_sha256 FROM model_version WHERE tenant_id = $1';
    const before = (await admin.query<Record<string, unknown>>(sql, [a.id])).rows;
    await asA(ground, 'UPDATE model_version SET artifact = $1, artifact_sha256 = $2', [
      artifact,
      rows[0].artifact_sha256,
    ]);
    // A frozen night ranks with the model that is pinned, whatever it is.
    await asA(ground, `UPDATE tenant SET state = 'frozen'`, []);
    const outcome = await ground.night().catch((error: Error) => error.message);
    await asA(ground, `UPDATE tenant SET state = 'on'`, []);
    const files = ['artifacts/tenants', 'lists'].flatMap((folder) =>
      filesBelow(path.join(stateDir, folder, String(a.id))),
    );
    const findings = files.flatMap((file) =>
      canaries.findIn(readFileSync(file)).map((canary) => `${canary} in ${path.relative(stateDir, file)}`),
    );
    const { outcome: came } = outcome as { outcome?: string };
    if (came === 'ranked') findings.push("A's lists were ranked with the model of another tenant");
    ledger.judged('files', `A's champion is ${artifact}`, findings);
    for (const row of before)
      await asA(ground, 'UPDATE model_version SET artifact = $1, artifact_sha256 = $2 WHERE version = $3', [
        ...[row.artifact, row.artifact_sha256, row.version],
      ]);
  }
}

/** Records of A with B's ids: the files are found below A's folder or not at all. */
async function forgeFiles(ground: ForgingGround): Promise<void> {
  const { trial, ledger, admin, api } = ground;
  const { a, b, canaries } = trial;
  const at = `/v1/tenants/${a.slug}`;
  const copy = async (table: string, column: string, id: string) => {
    const columns = `SELECT (jsonb_populate_record(t, jsonb_build_object('${column}', $1::text))).* FROM ${table} t`;
    await asA(ground, `INSERT INTO ${table} ${columns} LIMIT 1`, [id]);
  };
  const read = async (name: string, address: string, sent: readonly string[]) => {
    const answer = await api({ method: 'GET', path: `${at}${address}`, headers: bearer(a.keys.all) });
    ledger.judged('files', name, findForeign(answer, canaries, sent));
  };
  for (const id of b.ids.importId) {
    await copy('import', 'import_id', id);
    await asA(ground, 'UPDATE import SET rejected_file = $1 WHERE import_id = $2', [
      ...[`imports/${b.id}/${id}.rejected.ndjson`, id],
    ]);
    await read(`A has an import with B's id ${id}`, `/imports/${id}/rejected`, [id]);
    await read(`A has an import with B's id ${id}`, `/imports/${id}`, [id, String(b.id)]);
  }
  for (const id of b.ids.exportId) {
    await copy('list_export', 'export_id', id);
    await read(`A has an export with B's id ${id}`, `/exports/${id}/file`, [id]);
  }
  for (const id of b.ids.runId) {
    await copy('run_stage', 'run_id', id);
    await read(`A has a stage of B's run ${id}`, `/runs/${id}`, [id]);
  }
  await admin.query('DELETE FROM import WHERE tenant_id = $1 AND import_id = ANY($2::uuid[])', [
    a.id,
    b.ids.importId,
  ]);
  await admin.query('DELETE FROM list_export WHERE tenant_id = $1 AND export_id = ANY($2::uuid[])', [
    a.id,
    b.ids.exportId,
  ]);
  await admin.query('DELETE FROM run_stage WHERE tenant_id = $1 AND run_id = ANY($2::uuid[])', [
    a.id,
    b.ids.runId,
  ]);
}
