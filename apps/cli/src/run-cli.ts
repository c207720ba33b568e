import { userInfo } from 'node:os';
import { CommanderError } from 'commander';
import { readEnvironment, type Environment } from '#libs/config';
import { actingAs } from '#libs/domain';
import type { RunOffline, RunWork } from './commands/command-runner.js';
import { joinLauncher } from './connection/launcher-environment.js';
import { describeError, errorFor } from './output/describe-error.js';
import { ConsoleOutput } from './output/output.js';
import { createProgram } from './program.js';

const FAILED = 1;
const MISUSED = 2;

/** Runs one command and answers the exit code: 0 done, 1 failed, 2 called wrongly. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const run: RunWork = async (options, work) => {
    const environment = await joinLauncher(readEnvironment());
    // Half a second of loading that a command without a platform does not need.
    const [{ NestFactory }, { CliModule }] = await Promise.all([
      import('@nestjs/core'),
      import('./cli.module.js'),
    ]);
    const module = CliModule.forEnvironment(environment);
    const services = await NestFactory.createApplicationContext(module, {
      logger: false,
      abortOnError: false,
    });
    try {
      const output = new ConsoleOutput(options.json === true);
      const workDir = workDirOf(environment);
      const context = { services, output, actor: actorName(), stateDir: environment.STATE_DIR, workDir };
      exitCode = (await actingAs(context.actor, () => work(context))) ?? 0;
    } finally {
      await services.close();
    }
  };
  const runOffline: RunOffline = async (options, work) => {
    const output = new ConsoleOutput(options.json === true);
    exitCode = (await work({ output, workDir: workDirOf(readEnvironment()) })) ?? 0;
  };
  try {
    await createProgram(run, runOffline).parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    // Commander has said what was wrong itself; asking for help is no error.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isMisuse = error instanceof CommanderError;
    if (!isMisuse) process.stderr.write(`${describeError(error)}\n`);
    if (argv.includes('--json')) new ConsoleOutput(true).json({ error: errorFor(error) });
    return isMisuse ? MISUSED : FAILED;
  }
}

/** Where the command was typed. */
function workDirOf({ INIT_CWD }: Environment): string {
  return INIT_CWD ?? process.cwd();
}

/** Recorded with every change: at a terminal, the person is the system's user. */
function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return 'cli'; // a container may run under an id without a name
  }
}
