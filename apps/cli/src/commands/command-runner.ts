import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output/output.js';

/** Work of a command; what it returns becomes the exit code. */
export type Work = (context: CommandContext) => Promise<number | void>;

/** Connects, works and disconnects; handed to every group of commands. */
export type RunWork = (options: { readonly json?: boolean }, work: Work) => Promise<void>;

/** What a command works with that needs no platform. */
export interface OfflineContext {
  readonly output: Output;
  /** Where the command was typed: what file names are relative to. */
  readonly workDir: string;
}

/** Works without connecting to anything. */
export type RunOffline = (
  options: { readonly json?: boolean },
  work: (context: OfflineContext) => Promise<number | void>,
) => Promise<void>;

/** A command that ends with a result. */
export function addCommand(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('--json', 'one JSON object as the last line');
}
