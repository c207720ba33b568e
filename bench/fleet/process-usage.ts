// What processes use, from /proc: Linux only, as are the machines that these proofs run on.
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Seconds of CPU, user and system, all threads. */
  readonly own: number;
  /** Of children that have ended and been waited for. */
  readonly ended: number;
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const seconds = (index: number) => Number(fields[index]) / TICKS_PER_SECOND;
    return {
      pid,
      parent: Number(fields[1]),
      own: seconds(11) + seconds(12),
      ended: seconds(13) + seconds(14),
    };
  } catch {
    return undefined; // it has just ended
  }
}

/** The process and its direct children: for PostgreSQL the postmaster and its backends. */
function family(pid: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((stat) => stat !== undefined);
  return all.filter((stat) => stat.pid === pid || stat.parent === pid);
}

export function familyOf(pid: number): number[] {
  return family(pid).map((stat) => stat.pid);
}

/** Seconds of CPU of a server and of all children that it has or has had. */
export function familyCpuSeconds(pid: number): number {
  return family(pid).reduce((sum, stat) => sum + stat.own + (stat.pid === pid ? stat.ended : 0), 0);
}

function readMb(pid: number, file: 'status' | 'smaps_rollup', name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Largest resident memory that one process has had. */
export function peakRssMb(pid: number): number {
  return Math.round(readMb(pid, 'status', 'VmHWM'));
}

/** Resident memory of a server with its children, pages that they share counted once. */
export function familyMemoryMb(pid: number): number {
  return Math.round(family(pid).reduce((sum, stat) => sum + readMb(stat.pid, 'smaps_rollup', 'Pss'), 0));
}
