// What `npm start` can be told. The bootstrap asks first: nothing is installed or built for a call that is wrong.
const USAGE = `usage: npm start [-- --once]

Starts the whole platform on this machine with three demo tenants, shows their first night and serves until Ctrl-C.

  --once      the same without a terminal: checks itself, prints one JSON object, exits with 0 or 1
  -h, --help  this text

Taken from the environment: DATABASE_URL and REDIS_URL (servers of your own), STATE_DIR, API_PORT, SERVING_PORT,
WORKER_PORT, LOG_LEVEL.`;

export function readStartOptions(args) {
  if (args.includes('--help') || args.includes('-h')) return { message: USAGE, exitCode: 0 };
  const unknown = args.find((arg) => arg !== '--once');
  if (unknown !== undefined) {
    const message = `npm start does not know ${JSON.stringify(unknown)}; "npm start -- --help" says what it knows.`;
    return { message, exitCode: 2 };
  }
  return { isOnce: args.includes('--once') };
}
