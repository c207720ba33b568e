import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Ledger } from './ledger.ts';
import type { Trial } from './trial-tenant.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Commands about A that name what belongs to B. The command line is the operator's: it must not mix tenants up. */
export async function attackByCommand(
  environment: Record<string, string>,
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  const { a, b, canaries } = trial;
  const file = path.join(ROOT, 'package.json');
  const commands: string[][] = [
    ['key', 'revoke', '--tenant', a.slug, b.ids.keyId[0]],
    ['key', 'list', '--tenant', a.slug],
    ['runs', '--tenant', a.slug],
    ['import', '--tenant', a.slug, '--mapping', `../.nightshift/lists/${b.ids.listFile[0]}`, file],
    ['import', '--tenant', `${a.slug}/../${b.slug}`, '--mapping', 'uci-online-retail', file],
    ['run', '--tenant', `${a.slug}' OR slug='${b.slug}`],
    ['key', 'list', '--tenant', `${a.slug}%`],
    ['key', 'list', '--tenant', ''],
  ];
  for (const args of commands) {
    const { code, output } = await command(args, environment);
    const mustFail =
      args.includes(b.ids.keyId[0]) ||
      args.some((arg) => arg.includes('..') || /['%]/.test(arg)) ||
      args.includes('');
    const findings = canaries.findIn(output, [...args, b.slug, ...trial.written]);
    if (mustFail && code === 0) findings.push(`succeeded: ${output.slice(-200)}`);
    ledger.judged('cli', args.join(' '), findings);
  }
  for (const change of await trial.changesOfB()) ledger.found('cli', 'all of them', change);
}

function command(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'dist/apps/cli/src/main.js'), ...args, '--json'], {
      env: { ...process.env, ...environment },
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, output }));
  });
}
