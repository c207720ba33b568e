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

export type ServiceName = 'postgres' | 'redis';

export interface Services {
  /** An administrator's address: provisioning makes the less powerful ones from it. */
  databaseUrl: string;
  redisUrl: string;
  /** What was started here, by name; after a revival, the new process. */
  readonly processes: { name: ServiceName; identity: ProcessIdentity }[];
  /** Starts again what was started here and has died: same address, same password. @throws Error when it does not come up */
  revive(name: ServiceName): Promise<void>;
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
  const redisOptions = { report, ...(redisProgramDir ? { programDir: redisProgramDir } : {}) };
  const stop = async (): Promise<void> => {
    await redis?.stop();
    await postgres?.stop();
  };
  try {
    // Both at once; but a failure of one must not leave the other behind, so wait for both before judging.
    const [database, queue] = await Promise.allSettled([
      env.DATABASE_URL ? undefined : startPostgres(stateDir).then((started) => (postgres = started)),
      env.REDIS_URL ? undefined : startRedis(stateDir, redisOptions).then((started) => (redis = started)),
    ]);
    for (const outcome of [database, queue]) if (outcome.status === 'rejected') throw outcome.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  if (postgres?.note) report(postgres.note);
  if (postgres?.adopted) report('took over the PostgreSQL that a predecessor left running');
  return {
    databaseUrl: env.DATABASE_URL || postgres!.url,
    redisUrl: env.REDIS_URL || redis!.url,
    get processes() {
      return [
        ...(postgres ? [{ name: 'postgres' as const, identity: postgres.identity }] : []),
        ...(redis ? [{ name: 'redis' as const, identity: redis.identity }] : []),
      ];
    },
    revive: async (name) => {
      // Everybody knows the old port: on another one the service would be of no use.
      if (name === 'postgres' && postgres)
        postgres = await startPostgres(stateDir, { fixedPort: postgres.port });
      if (name === 'redis' && redis)
        redis = await startRedis(stateDir, { ...redisOptions, fixedPort: redis.port });
    },
    stop,
    signalStop: () => {
      if (redis) signalRedis(redis);
      if (postgres) signalPostgres(postgres);
    },
  };
}
