// Files that hold passwords or decide what gets signalled: readable by their owner alone, replaced in one step so that a
// crash leaves either the old or the new one.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export function writePrivateJson(file: string, value: unknown): void {
  writePrivateFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

export function writePrivateFile(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.tmp`;
  rmSync(aside, { force: true }); // `mode` only applies to new files
  writeFileSync(aside, content, { mode: 0o600 });
  renameSync(aside, file);
}

/** The parsed file, or undefined when it is absent or damaged: such files can all be made again. */
export function readPrivateJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
