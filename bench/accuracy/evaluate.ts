import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The part of a report that a row is made of. */
export interface Report {
  readonly metrics: Readonly<Record<string, number>>;
  readonly fitSeconds: number;
  readonly peakRssMb: number;
}

/**
 * `nightshift evaluate` as a user calls it, in a process of its own, so that its peak of memory is its own.
 * @param cwd what file names are relative to
 */
export async function evaluate(args: readonly string[], cwd: string): Promise<Report> {
  const child = spawn(process.execPath, ['tools/nightshift-command.ts', 'evaluate', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, INIT_CWD: cwd },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    process.stderr.write(`  ${chunk}`);
    said = String(chunk);
  });
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) last = line;
  const code = await ended;
  if (code !== 0) throw new Error(`evaluate ${args.join(' ')} ended with ${code}: ${said.trim()}`);
  return JSON.parse(last) as Report;
}
