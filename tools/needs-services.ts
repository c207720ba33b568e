/** Commands that work on files alone. */
const OFFLINE_COMMANDS = ['evaluate', 'tune'];
const ASKING = ['--help', '-h', '--version', '-V', 'help'];

/** Whether a command line of `nightshift` needs PostgreSQL and Redis: questions and work on files do not. */
export function needsServices(args: readonly string[]): boolean {
  return args.length > 0 && !OFFLINE_COMMANDS.includes(args[0]) && !args.some((arg) => ASKING.includes(arg));
}
