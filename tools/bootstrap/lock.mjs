// One installation, build or launcher at a time, whoever starts it. The lock is a file with its holder's process id; a holder that
// is no longer alive has lost it.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stateDir } from './paths.mjs';
import { say } from './run.mjs';

const POLL_MS = 200;

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// On Linux an id that was given to a new process is told from the old one by its start time.
function startOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] : '';
}

function isHeld(content) {
  const [pid, start] = content.trim().split(' ');
  // Written in one piece together with its name (see `acquire`), so anything else is damage, not a lock being made.
  if (!/^\d+$/.test(pid)) return false;
  return isAlive(Number(pid)) && (!start || startOf(pid) === start);
}

/** Takes the lock or answers the content of the one in the way. */
export function acquire(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const own = `${process.pid} ${startOf(process.pid)}\n`;
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, own);
  try {
    for (;;) {
      try {
        linkSync(aside, file); // fails when it exists; and it never exists half-written
        return undefined;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const other = read(file);
      if (other === undefined) continue;
      if (isHeld(other)) return other;
      removeStale(file, other, aside);
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

// Several may notice the same stale lock; a slow one must not remove the lock that a fast one has just taken. So only who
// holds the guard looks again and removes: nobody can put another lock in the place of one that is still there.
function removeStale(file, stale, aside) {
  const guard = `${file}.guard`;
  try {
    linkSync(aside, guard);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const other = read(guard);
    if (other !== undefined && !isHeld(other)) rmSync(guard, { force: true }); // its holder died in between
    return;
  }
  try {
    if (read(file) === stale) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

export async function withLock(work, file = path.join(stateDir, 'bootstrap.lock')) {
  let announced = false;
  for (let other = acquire(file); other !== undefined; other = acquire(file)) {
    if (!announced)
      say(`waiting for another Nightshift command to finish its set-up (process ${other.split(' ')[0]})`);
    announced = true;
    await sleep(POLL_MS);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}
