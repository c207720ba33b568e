// Runs once before the integration tests, and only if one was selected: PostgreSQL and Redis, with a throw-away
// database. Tests read where they are from TEST_* variables.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { provisionDatabase } from '../../tools/provision.ts';
import { dropDatabase, withDatabase } from '../../tools/provisioning/database.ts';
import { LOGIN_KINDS, loginNameOf } from '../../tools/provisioning/logins.ts';
import { startServices } from '../../tools/services/services.ts';
import { clearAbandonedStateDirs, createTestStateDir } from './test-state-dir.ts';

/** Handed to the teardown, which runs in the same process. */
export interface TestServices {
  stop(): Promise<void>;
}

declare global {
  var nightshiftTestServices: TestServices | undefined;
}

export default async function globalSetup(): Promise<void> {
  // Watch mode runs this before every round.
  if (globalThis.nightshiftTestServices) return;
  await clearAbandonedStateDirs();
  const state = createTestStateDir();
  const services = await startServices({
    stateDir: state.dir,
    // One unpacked Redis for the project: not a download for every run.
    redisProgramDir: path.resolve('.nightshift/redis-server'),
  });
  // Jest was interrupted and no teardown ran: at least ask the servers to end.
  const signalStop = (): void => services.signalStop();
  process.once('exit', signalStop);

  const database = `nightshift_test_${randomBytes(6).toString('hex')}`;
  const adminUrl = withDatabase(services.databaseUrl, database);
  const stop = async (): Promise<void> => {
    try {
      // On a caller's server nothing may stay; our own is thrown away as a whole.
      if (process.env.DATABASE_URL) {
        await dropDatabase(
          adminUrl,
          LOGIN_KINDS.map((kind) => loginNameOf(database, kind)),
        );
      }
    } finally {
      await services.stop();
      process.off('exit', signalStop);
      state.remove();
    }
  };
  try {
    const logins = await provisionDatabase(adminUrl, { stateDir: state.dir });
    Object.assign(process.env, {
      TEST_ADMIN_DATABASE_URL: adminUrl,
      TEST_DATABASE_URL: logins.app,
      TEST_PLATFORM_DATABASE_URL: logins.platform,
      TEST_SERVING_DATABASE_URL: logins.serving,
      TEST_ACCOUNTS_DATABASE_URL: logins.accounts,
      TEST_REDIS_URL: services.redisUrl,
      // A caller's Redis may be in use: every queue and key of a test starts with this.
      TEST_REDIS_PREFIX: `${database}-`,
      TEST_STATE_DIR: state.dir,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  globalThis.nightshiftTestServices = { stop };
}
