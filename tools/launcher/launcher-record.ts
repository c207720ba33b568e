// `.nightshift/launcher.json`: who runs here. It lets a second start say so, and lets the next start after a hard kill
// find what was left behind.
import path from 'node:path';
import { readPrivateJson, writePrivateJson } from '../services/private-files.ts';
import {
  commandLineOf,
  endProcess,
  identifyProcess,
  isSameProcessAlive,
  type ProcessIdentity,
} from '../services/processes.ts';

export interface RecordedChild {
  name: string;
  identity: ProcessIdentity;
  /** A piece of its command line, a second proof before it is signalled. */
  command: string;
}

export interface LauncherRecord {
  launcher: ProcessIdentity;
  addresses: Record<string, string>;
  /** What the programs run with, so that `nightshift` commands can join them. Holds passwords: the file is 0600. */
  environment: Record<string, string>;
  children: RecordedChild[];
}

export const recordFileOf = (stateDir: string): string => path.join(stateDir, 'launcher.json');

export function readRecord(stateDir: string): LauncherRecord | undefined {
  const record = readPrivateJson<LauncherRecord>(recordFileOf(stateDir));
  return record?.launcher && Array.isArray(record.children) ? record : undefined;
}

export function writeRecord(stateDir: string, record: LauncherRecord): void {
  writePrivateJson(recordFileOf(stateDir), record);
}

/** The record of a launcher that is alive now. */
export function readLivingRecord(stateDir: string): LauncherRecord | undefined {
  const record = readRecord(stateDir);
  return record && record.launcher.pid !== process.pid && isSameProcessAlive(record.launcher)
    ? record
    : undefined;
}

export function newRecord(): LauncherRecord {
  return { launcher: identifyProcess(process.pid)!, addresses: {}, environment: {}, children: [] };
}

/** Ends what a hard-killed launcher left running, last started first. Answers the names of what was found. */
export async function endLeftovers(record: LauncherRecord, deadlineMs = 10_000): Promise<string[]> {
  const found: string[] = [];
  for (const child of record.children.toReversed()) {
    const isOurs =
      isSameProcessAlive(child.identity) && commandLineOf(child.identity.pid).includes(child.command);
    if (!isOurs) continue;
    found.push(child.name);
    await endProcess(child.identity, { deadlineMs });
  }
  return found;
}
