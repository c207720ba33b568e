import { Command } from 'commander';
import { addAccountCommands } from './commands/account-commands.js';
import { addControlCommands } from './commands/control-commands.js';
import type { RunOffline, RunWork } from './commands/command-runner.js';
import { addDemoCommands } from './commands/demo-commands.js';
import { addErasureCommands } from './commands/erasure-commands.js';
import { addEvaluateCommand } from './commands/evaluate-command.js';
import { addImportCommand } from './commands/import-command.js';
import { addKeyCommands } from './commands/key-commands.js';
import { addReconcileCommand } from './commands/reconcile-command.js';
import { addReportCommands } from './commands/report-commands.js';
import { addRetentionCommand } from './commands/retention-command.js';
import { addRunCommand } from './commands/run-command.js';
import { addRunsCommand } from './commands/runs-command.js';
import { addSimulateCommand } from './commands/simulate-command.js';
import { addTenantCommands } from './commands/tenant-commands.js';
import { addTuneCommand } from './commands/tune-command.js';

/** All commands; `run` and `runOffline` decide what they work on. */
export function createProgram(run: RunWork, runOffline: RunOffline): Command {
  const program = new Command('nightshift')
    .description('A recommender for every tenant, retrained every night.')
    .showHelpAfterError('(--help shows what is possible)');
  // Before the commands: they inherit it, and an exit inside commander would leave connections open.
  program.exitOverride();
  addErasureCommands(program, addTenantCommands(program, run), run);
  addKeyCommands(program, run);
  addAccountCommands(program, run);
  addImportCommand(program, run);
  addRunCommand(program, run);
  addRunsCommand(program, run);
  addControlCommands(program, run);
  addReportCommands(program, run);
  addReconcileCommand(program, run);
  addRetentionCommand(program, run);
  addDemoCommands(program, run);
  addSimulateCommand(program, run);
  addEvaluateCommand(program, runOffline);
  addTuneCommand(program, runOffline);
  return program;
}
