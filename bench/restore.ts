// A night, a backup, more work, a moment, an erasure, and then everything is lost: database, queues, lists and models. Restored to
// the moment, erased again, reconciled, and serving. npm run proof:restore; one JSON object as its last line.
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { smallWorldCsv } from './platform/small-world.ts';
import { query, say } from './platform/test-platform.ts';
import { PostgresBackup } from './restore/postgres-backup.ts';
import { RestorablePlatform } from './restore/restorable-platform.ts';
import { Shop, until, type Answer } from './restore/shop.ts';
import { differingTables, placesOf, tableStates, totalRows } from './restore/what-is-stored.ts';

/** Like no other word: found wherever it is. */
const FORGOTTEN = 'forgotten-customer-4711';
const QUIET_MS = 2_000;

interface Reconciled {
  readonly agrees: boolean;
  readonly differences: readonly { store: string; problem: string; repair: string; note?: string }[];
}

const backupDir = mkdtempSync(path.join(tmpdir(), 'nightshift-backup-'));
// PostgreSQL may run as somebody else, who has to walk through.
chmodSync(backupDir, 0o711);
const platform = await RestorablePlatform.start();
try {
  const result = await lossAndReturn();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await platform.close();
  rmSync(backupDir, { recursive: true, force: true });
}

async function lossAndReturn() {
  const backup = new PostgresBackup(platform.stateDir, path.join(backupDir, 'postgres'), platform.adminUrl);
  await backup.archiveWal();
  await platform.restartPostgres();
  await platform.startPrograms();

  say('a night of two tenants, and a backup of everything');
  const moving = await Shop.open(platform, 'moving', smallWorldCsv(0.03));
  const steady = await Shop.open(platform, 'steady', smallWorldCsv(0.03, 8));
  await moving.importPurchases(FORGOTTEN, 'first');
  for (const shop of [moving, steady]) await shop.night();
  await backup.take();
  archiveFiles(['artifacts', 'lists']);

  say('more work: an import, feedback, a night with a promotion');
  for (const customerId of [FORGOTTEN, 'newcomer']) await moving.importPurchases(customerId, 'second');
  const feedbackRows = await moving.feedback([FORGOTTEN, 'newcomer']);
  const { outcome: nightAfterBackup } = await moving.night();
  // Models are written once: the archive follows after each night, as the WAL does all the time.
  archiveFiles(['artifacts']);
  await sleep(QUIET_MS);
  const customers = (await moving.customers()).filter((customerId) => customerId !== FORGOTTEN);
  const others = await steady.customers();
  const before = { moving: await moving.answers(customers), steady: await steady.answers(others) };
  const expected = await tableStates(platform.adminUrl);
  const restoredTo = await momentNow();
  await sleep(QUIET_MS);

  say('after the moment: an erasure, and something that should never have happened');
  const receiptEntries = await moving.erase(FORGOTTEN);
  await query(
    platform.adminUrl,
    `DELETE FROM interaction WHERE tenant_id = (SELECT id FROM tenant WHERE slug = 'steady')`,
  );
  await backup.untilArchived();

  say('everything is lost, and put back');
  await platform.stopPrograms();
  await platform.killPostgres();
  backup.loseEverything();
  for (const folder of ['artifacts', 'lists'])
    rmSync(path.join(platform.stateDir, folder), { recursive: true });
  await platform.flushRedis();
  const startedMs = performance.now();
  await backup.putBack(restoredTo);
  cpSync(path.join(backupDir, 'files'), platform.stateDir, { recursive: true, preserveTimestamps: true });
  await platform.restartPostgres();
  await backup.untilRecovered();
  const found = await tableStates(platform.adminUrl);
  const differing = differingTables(expected, found);
  const foundAgain = (await placesOf(platform.adminUrl, platform.stateDir, FORGOTTEN)).length;

  say('erased again, reconciled, and opened');
  const replayed = await platform.cli<{ entries: number; foundAgain: number }>('erasures', 'replay');
  await platform.startPrograms();
  await untilErased();
  const reconciled = await reconcile();
  const again = await reconcile();
  const rebuilt = reconciled.differences.filter(
    ({ store, repair }) => store === 'lists' && repair === 'done',
  );
  await sleep(QUIET_MS);
  const stillThere = await placesOf(platform.adminUrl, platform.stateDir, FORGOTTEN);
  const after = { moving: await moving.answers(customers), steady: await steady.answers(others) };
  const stranger = await moving.answer(FORGOTTEN);
  const { outcome: nightAfter } = await moving.night();

  const result = {
    restoredTo,
    rowsExpected: totalRows(expected),
    rowsFound: totalRows(found),
    lost: Math.max(0, totalRows(expected) - totalRows(found)) + differing.length,
    ...{
      differingTables: differing,
      erasedPlacesBeforeReplay: foundAgain,
      replayed,
      receiptEntries,
    },
    erasedStayErased: stillThere.length === 0 && stranger.statusReason === 'unknownCustomer',
    ...{ stillThere, listsRebuilt: rebuilt.length, reconciledAgrees: reconciled.agrees && again.agrees },
    differencesAfterRepair: again.differences.length,
    ...{ nightAfterBackup, feedbackRows },
    // Of the tenant that has lost a customer, scores are others: what that customer bought no longer counts.
    sameAnswers: {
      moving: sameShare(before.moving, after.moving),
      steady: sameShare(before.steady, after.steady),
    },
    nightAfter,
    restoreSeconds: Math.round((performance.now() - startedMs) / 1000),
  };
  const ok =
    nightAfterBackup === 'promoted' &&
    result.lost === 0 &&
    foundAgain > 0 &&
    replayed.foundAgain === 1 &&
    result.erasedStayErased &&
    result.listsRebuilt > 0 &&
    result.reconciledAgrees &&
    again.differences.length === 0 &&
    result.sameAnswers.steady === 1 &&
    after.moving.every(
      ({ status, modelVersion }, index) =>
        status === 'ok' && modelVersion === before.moving[index].modelVersion,
    );
  return { ...result, ok };
}

function archiveFiles(folders: readonly string[]): void {
  for (const folder of folders)
    cpSync(path.join(platform.stateDir, folder), path.join(backupDir, 'files', folder), {
      ...{ recursive: true, preserveTimestamps: true },
      // A night's working files come and go.
      filter: (source) => !/\/runs(?:\/|$)|\.tmp-/.test(source),
    });
}

function untilErased(): Promise<true> {
  return until('replayed erasures are done', async () => {
    const [{ open }] = await query<{ open: number }>(
      platform.adminUrl,
      `SELECT count(*)::integer AS open FROM erasure WHERE status <> 'succeeded'`,
    );
    return open === 0 ? true : undefined;
  });
}

/** The command ends with 1 while something differs; what it says counts. */
function reconcile(): Promise<Reconciled> {
  return platform.cli<Reconciled>('reconcile', '--repair');
}

async function momentNow(): Promise<string> {
  return (await query<{ at: string }>(platform.adminUrl, 'SELECT clock_timestamp()::text AS at'))[0].at;
}

/** Of customers with exactly the same list, by exactly the same model. */
function sameShare(before: readonly Answer[], after: readonly Answer[]): number {
  const same = before.filter((one, index) => {
    const other = after[index];
    return (
      other?.modelVersion === one.modelVersion && JSON.stringify(other.items) === JSON.stringify(one.items)
    );
  });
  return Math.round((same.length / before.length) * 10_000) / 10_000;
}
