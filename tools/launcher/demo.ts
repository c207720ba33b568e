// The demo fleet, by the same command line and API that anybody uses.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DemoTenant {
  tenant: string;
  keys: { full: string };
  /** null when the tenant has a model already. */
  runId: string | null;
  created: boolean;
  customers: number;
  products: number;
  interactions: number;
}

export interface DemoPerson {
  email: string;
  role: string;
  password: string | null;
}

export interface TenantReport {
  tenant: string;
  customers: number;
  products: number;
  interactions: number;
  champion: string;
  rmse: number | null;
  ndcg10: number;
  popularityNdcg10: number;
  /** null before the first night has ended. */
  verdict: string | null;
  listsPublished: number;
  sampleCustomer: string;
}

export interface RunStage {
  stage: string;
  status: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  /** 0 to 1 */
  progress?: number | null;
}

export interface RunStatus {
  id: string;
  status: string;
  stages: RunStage[];
  outcome?: unknown;
}

export const CLI_SCRIPT = path.join('dist', 'apps', 'cli', 'src', 'main.js');
const ACTIVE = ['queued', 'pending', 'planned', 'admitted', 'waiting', 'running', 'retrying'];
const POLL_MS = 500;
/** How long the API may be away (it may be restarting) before watching a run is given up. */
const PATIENCE_MS = 60_000;

export const isActive = (run: RunStatus): boolean => ACTIVE.includes(run.status.toLowerCase());

/** Runs a `nightshift` command and answers the JSON of its last line. */
export function runCliForJson<T>(
  args: string[],
  {
    env,
    cwd,
    script = CLI_SCRIPT,
    signal,
  }: { env: NodeJS.ProcessEnv; cwd: string; script?: string; signal?: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal ? { signal } : {}),
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const command = `nightshift ${args.join(' ')}`;
      if (code !== 0) return reject(new Error(`"${command}" failed (code ${code}).\n${err}${out}`.trimEnd()));
      const lastLine = out.trimEnd().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(lastLine) as T);
      } catch {
        reject(new Error(`"${command}" did not end with JSON but with: ${lastLine.slice(0, 200)}`));
      }
    });
  });
}

/** Follows a run until it is over; every look at it is passed on. */
export async function followRun(
  apiUrl: string,
  { tenant, runId, key }: { tenant: string; runId: string; key: string },
  { onStatus, signal }: { onStatus: (run: RunStatus) => void; signal: AbortSignal },
): Promise<RunStatus> {
  const url = `${apiUrl}/v1/tenants/${encodeURIComponent(tenant)}/runs/${encodeURIComponent(runId)}`;
  let lastSeen = Date.now();
  for (;;) {
    signal.throwIfAborted();
    let problem: string;
    try {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${key}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      });
      if (response.ok) {
        const run = (await response.json()) as RunStatus;
        lastSeen = Date.now();
        onStatus(run);
        if (!isActive(run)) return run;
        problem = '';
      } else {
        problem = `${response.status} ${(await response.text()).slice(0, 300)}`;
        if (response.status >= 400 && response.status < 500 && response.status !== 429) lastSeen = 0; // will not heal
      }
    } catch (error) {
      signal.throwIfAborted();
      problem = (error as Error).message;
    }
    if (problem && Date.now() - lastSeen > PATIENCE_MS) throw new Error(`GET ${url} answers: ${problem}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
