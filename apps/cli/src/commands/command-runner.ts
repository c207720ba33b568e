import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';

/** Work of a command; what it returns becomes the exit code. */
export type Work = (context: CommandContext) => Promise<number | void>;

/** Connects, works and disconnects; handed to every group of commands. */
export type RunWork = (options: { readonly json?: boolean }, work: Work) => Promise<void>;

/** A command that ends with a result. */
export function addCommand(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('--json', 'one JSON object as the last line');
}
