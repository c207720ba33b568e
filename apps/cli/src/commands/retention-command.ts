import type { Command } from 'commander';
import { RetentionService } from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';

interface Options {
  readonly tenant?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addRetentionCommand(program: Command, run: RunWork): void {
  addCommand(program, 'retention', 'remove what the policy no longer keeps; workers do it once a day')
    .option('--tenant <slug>', 'this tenant alone; all if absent')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .action((options: Options) => run(options, (context) => prune(context, options)));
}

async function prune(context: CommandContext, { tenant, dryRun = false }: Options): Promise<number> {
  const only = tenant === undefined ? undefined : await findTenant(context, tenant);
  const report = await context.services.get(RetentionService).apply({ dryRun, only });
  for (const one of report.failed) context.output.note(`${one.tenant}: ${one.message}`);
  const rows = Object.entries(report.pruned).filter(([, count]) => count > 0);
  context.output.show({ ...report, dryRun }, ['what', dryRun ? 'would go' : 'removed'], rows);
  return report.failed.length === 0 ? 0 : 1;
}
