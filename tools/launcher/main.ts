// `npm start [-- --once]`: the platform on this machine, with the demo fleet's first night.
import path from 'node:path';
import process from 'node:process';
import { readStartOptions } from '../bootstrap/start-options.mjs';
import {
  followRun,
  isActive,
  runCliForJson,
  type DemoPerson,
  type DemoTenant,
  type RunStatus,
  type TenantReport,
} from './demo.ts';
import { holdLauncherLock } from './launcher-lock.ts';
import { readLivingRecord } from './launcher-record.ts';
import { Platform, ROOT } from './platform.ts';
import { followNights } from './progress.ts';
import { renderAddresses, renderCurls, renderPeople, renderTable } from './report.ts';
import { checkTenants } from './self-check.ts';

// One key press can reach us several times: from the terminal, from npm and from the bootstrap.
const SAME_KEY_PRESS_MS = 1_000;

const options = readStartOptions(process.argv.slice(2));
const isOnce = options.exitCode === undefined && options.isOnce;
const stateDir = path.resolve(process.env.STATE_DIR || path.join(ROOT, '.nightshift'));
const say = (message: string): void => void process.stderr.write(`${message}\n`);

// Some terminals report no width at all, and what is drawn for that is one column of letters.
for (const stream of [process.stdout, process.stderr]) if (stream.columns === 0) stream.columns = 80;

const aborted = new AbortController();
const platform = new Platform({ stateDir, report: say });
let firstSignalAt = 0;

function onSignal(reason: string): void {
  const now = Date.now();
  if (firstSignalAt === 0) {
    firstSignalAt = now;
    say(`\n${reason}: stopping in order (again to stop at once)`);
    aborted.abort(new Error(reason));
    void platform.stop();
  } else if (now - firstSignalAt > SAME_KEY_PRESS_MS) {
    say('stopping at once');
    void platform.stop({ hard: true });
  }
}

interface Demo {
  tenants: DemoTenant[];
  people: DemoPerson[];
  reports: TenantReport[];
}

async function runDemo(): Promise<Demo> {
  const cliOptions = { cwd: ROOT, env: { ...process.env, ...platform.environment }, signal: aborted.signal };
  say('preparing the demo fleet');
  const { tenants, people } = await runCliForJson<Pick<Demo, 'tenants' | 'people'>>(
    ['demo', 'create', '--json'],
    cliOptions,
  );
  const api = platform.record.addresses.api!;
  const isLive = !isOnce && Boolean(process.stderr.isTTY && process.stdout.isTTY);
  const nights = tenants.flatMap(({ tenant, runId, keys }) =>
    runId === null
      ? []
      : [
          {
            tenant,
            follow: (onStatus: (run: RunStatus) => void) =>
              followRun(api, { tenant, runId, key: keys.full }, { onStatus, signal: aborted.signal }),
          },
        ],
  );
  const runs = await followNights(nights, { isLive, report: say });
  if (runs.some(isActive)) throw new Error('a night is still running');
  const { tenants: reports } = await runCliForJson<{ tenants: TenantReport[] }>(
    ['demo', 'report', '--json'],
    cliOptions,
  );
  return { tenants, people, reports };
}

async function once(): Promise<number> {
  const { tenants, reports } = await runDemo();
  const { checked, problems } = await checkTenants(platform.record.addresses.serving!, tenants, reports);
  for (const problem of problems) say(`✘ ${problem}`);
  await platform.stop();
  process.stdout.write(`${JSON.stringify({ tenants: checked })}\n`);
  return problems.length === 0 ? 0 : 1;
}

async function serve(): Promise<number> {
  const { addresses } = platform.record;
  try {
    const { tenants, people, reports } = await runDemo();
    say(`\n${renderTable(reports, process.stderr.columns)}\n\n${renderCurls(tenants, reports, addresses)}`);
    say(`\nsign in at ${addresses.api}\n${renderPeople(people)}`);
  } catch (error) {
    aborted.signal.throwIfAborted();
    // The platform itself is up, and its logs and API are what one needs to find out more.
    say(`✘ the demo did not finish: ${(error as Error).message}`);
  }
  say(`\n${renderAddresses(addresses)}\nlogs               ${path.join(stateDir, 'logs')}\n\nCtrl-C stops.`);
  await new Promise<void>((resolve) =>
    aborted.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  return 0;
}

async function main(): Promise<number> {
  if (options.exitCode !== undefined) {
    say(options.message);
    return options.exitCode;
  }
  // Before the record is read, and until the end: who has the lock is the only one to read, write and clear up here.
  const holder = holdLauncherLock(stateDir);
  const living = readLivingRecord(stateDir);
  const other = living?.launcher.pid ?? holder;
  if (other !== undefined) {
    say(`Nightshift already runs here (process ${other}); its Ctrl-C or "kill ${other}" stops it.`);
    if (living?.addresses.api) say(renderAddresses(living.addresses));
    return 1;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
  // The bootstrap holds the other end of this channel: it closes when the bootstrap dies, even by kill -9.
  if (process.channel) {
    process.on('disconnect', () => onSignal('the starting process is gone'));
    process.channel.unref();
  }
  try {
    await platform.start();
    return isOnce ? await once() : await serve();
  } catch (error) {
    if (!aborted.signal.aborted) say(`✘ ${(error as Error).message}`);
    return aborted.signal.aborted && !isOnce ? 0 : 1;
  } finally {
    await platform.stop();
  }
}

process.exitCode = await main();
// The channel and the signal listeners would keep the process.
process.exit();
