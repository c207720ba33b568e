// PostgreSQL writes `postmaster.pid` into its data folder and, after a hard kill, leaves it there. Either the server is
// still alive (its starter died, it did not), or the id has since been given to some other process.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commandLineOf, identifyProcess, type ProcessIdentity } from './processes.ts';

export interface RunningPostgres {
  identity: ProcessIdentity;
  port: number;
}

/**
 * The server that runs on this data folder, if one does. A pid file that names a process which is not that server is
 * removed: PostgreSQL would take the stranger for a server and refuse to start. One that names nobody is left alone,
 * since PostgreSQL itself then checks for orphaned backends that still hold its shared memory.
 */
export function findRunningPostgres(dataDir: string): RunningPostgres | undefined {
  const file = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const identity = identifyProcess(Number(lines[0]));
  if (!identity) return undefined;
  const command = commandLineOf(identity.pid);
  if (!command.includes('postgres') || !command.includes(dataDir)) {
    rmSync(file);
    return undefined;
  }
  return { identity, port: Number(lines[3]) };
}
