// PostgreSQL and Redis: servers of one's own when DATABASE_URL / REDIS_URL name them, else started here.
import { mkdirSync } from 'node:fs';
import { signalPostgres, startPostgres, type Postgres } from './postgres.ts';
import { signalRedis, startRedis, type RedisServer } from './redis.ts';
import type { ProcessIdentity } from './processes.ts';

export interface ServicesOptions {
  stateDir: string;
  env?: NodeJS.ProcessEnv;
  /** Where an unpacked Redis is kept, when not in the state directory. */
  redisProgramDir?: string;
  report?: (message: string) => void;
}

export interface Services {
  /** An administrator's address: provisioning makes the less powerful ones from it. */
  databaseUrl: string;
  redisUrl: string;
  /** What was started here, by name. */
  processes: { name: string; identity: ProcessIdentity }[];
  /** Redis first: nothing may be left that writes to PostgreSQL because a queue told it to. */
  stop(): Promise<void>;
  /** For an `exit` handler, which cannot wait. */
  signalStop(): void;
}

export async function startServices({
  stateDir,
  env = process.env,
  redisProgramDir,
  report = () => {},
}: ServicesOptions): Promise<Services> {
  mkdirSync(stateDir, { recursive: true });
  let postgres: Postgres | undefined;
  let redis: RedisServer | undefined;
  const stop = async (): Promise<void> => {
    await redis?.stop();
    await postgres?.stop();
  };
  try {
    // Both at once; but a failure of one must not leave the other behind, so wait for both before judging.
    const [database, queue] = await Promise.allSettled([
      env.DATABASE_URL ? undefined : startPostgres(stateDir).then((started) => (postgres = started)),
      env.REDIS_URL
        ? undefined
        : startRedis(stateDir, { report, ...(redisProgramDir ? { programDir: redisProgramDir } : {}) }).then(
            (started) => (redis = started),
          ),
    ]);
    for (const outcome of [database, queue]) if (outcome.status === 'rejected') throw outcome.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  if (postgres?.note) report(postgres.note);
  if (postgres?.adopted) report('took over the PostgreSQL that a predecessor left running');
  const processes: Services['processes'] = [];
  if (postgres) processes.push({ name: 'postgres', identity: postgres.identity });
  if (redis) processes.push({ name: 'redis', identity: redis.identity });
  return {
    databaseUrl: env.DATABASE_URL || postgres!.url,
    redisUrl: env.REDIS_URL || redis!.url,
    processes,
    stop,
    signalStop: () => {
      if (redis) signalRedis(redis);
      if (postgres) signalPostgres(postgres);
    },
  };
}
