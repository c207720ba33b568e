import type { Command } from 'commander';
import { LEFTOVER_GRACE_MS, type ReconcileReport } from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseWholeNumber } from './option-parsers.js';
import { FleetReconciliation } from '../reconcile/fleet-reconciliation.js';

interface Options {
  readonly tenant?: string;
  readonly repair?: boolean;
  readonly graceHours: number;
  readonly threads: number;
  readonly json?: boolean;
}

const HOUR_MS = 3_600_000;
const HEAD = ['store', 'problem', 'tenant', 'what', 'repair', 'note'];
const DIFFERS = 1;
const SAY_EVERY = 100;

export function addReconcileCommand(program: Command, run: RunWork): void {
  addCommand(program, 'reconcile', 'compare queues, lists, models and counters with what the database says')
    .option('--tenant <slug>', 'this tenant alone, without the queues; all if absent')
    .option('--repair', 'make them agree: announce jobs, rank lost lists again, remove leftovers')
    .option(
      '--grace-hours <number>',
      'for how long a file stays that nobody needs',
      parseWholeNumber(0, 8_760),
      LEFTOVER_GRACE_MS / HOUR_MS,
    )
    .option('--threads <number>', 'for ranking', parseWholeNumber(1, 256), 1)
    .action((options: Options) => run(options, (context) => reconcile(context, options)));
}

/** The exit code is 1 as long as something differs. */
async function reconcile(context: CommandContext, options: Options): Promise<number> {
  const { output, services, actor } = context;
  const tenant = options.tenant === undefined ? undefined : await findTenant(context, options.tenant);
  const { repair = false, threads } = options;
  const settings = { repair, threads, actor, graceMs: options.graceHours * HOUR_MS };
  const report = await services.get(FleetReconciliation).run(settings, tenant, (done, of) => {
    if (done % SAY_EVERY === 0) output.note(`${done} of ${of} tenants`);
  });
  output.note(summaryOf(report, repair));
  const rows = report.differences.map((one) => [
    ...[one.store, one.problem, one.tenant, one.what, one.repair, one.note],
  ]);
  output.show(report, HEAD, rows);
  return report.agrees ? 0 : DIFFERS;
}

function summaryOf({ tenants, differences, agrees }: ReconcileReport, repair: boolean): string {
  if (differences.length === 0) return `${tenants} tenant(s): everything is as the database says.`;
  const done = differences.filter((one) => one.repair === 'done').length;
  if (!repair) return `${tenants} tenant(s): ${differences.length} difference(s). --repair makes them agree.`;
  return agrees
    ? `${tenants} tenant(s): ${done} difference(s), all repaired.`
    : `${tenants} tenant(s): ${done} of ${differences.length} differences repaired.`;
}
