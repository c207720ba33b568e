// The state directory of one test run, named after the process that owns it, so that the next run can tell an abandoned
// one (Jest was killed) and end the servers that still run in it.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { endLeftovers, readRecord } from '../../tools/launcher/launcher-record.ts';
import { readPrivateJson, writePrivateJson } from '../../tools/services/private-files.ts';
import {
  endProcess,
  identifyProcess,
  isSameProcessAlive,
  type ProcessIdentity,
} from '../../tools/services/processes.ts';
import { findRunningPostgres } from '../../tools/services/postgres-pid-file.ts';

const PREFIX = 'nightshift-test-';

export function createTestStateDir(): { dir: string; remove(): void } {
  // Straight below the system's temporary folder, which the PostgreSQL user may enter when we are root.
  const dir = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  chmodSync(dir, 0o711);
  mkdirSync(path.join(dir, 'logs'), { recursive: true });
  writePrivateJson(path.join(dir, 'owner.json'), identifyProcess(process.pid));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export async function clearAbandonedStateDirs(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const dir = path.join(os.tmpdir(), name);
    if (!name.startsWith(PREFIX) || !existsSync(path.join(dir, 'owner.json'))) continue;
    if (statSync(dir).uid !== process.getuid?.()) continue; // another user's run
    const owner = readPrivateJson<ProcessIdentity>(path.join(dir, 'owner.json'));
    if (!owner || isSameProcessAlive(owner)) continue;
    const record = readRecord(dir);
    if (record) await endLeftovers(record);
    const postgres = findRunningPostgres(path.join(dir, 'postgres'));
    if (postgres) await endProcess(postgres.identity, { ask: 'SIGINT' });
    const redis = readPrivateJson<{ identity?: ProcessIdentity }>(path.join(dir, 'redis.json'))?.identity;
    if (redis) await endProcess(redis);
    rmSync(dir, { recursive: true, force: true });
  }
}
