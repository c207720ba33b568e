import { Redis } from 'ioredis';
import pg from 'pg';

// The ground that all other integration tests stand on.
describe('the services of the integration tests', () => {
  async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it.each(['TEST_DATABASE_URL', 'TEST_PLATFORM_DATABASE_URL', 'TEST_SERVING_DATABASE_URL'])(
    '%s is a login without power over the server',
    async (name) => {
      const [role] = await query(
        process.env[name]!,
        'SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
      );
      expect(role).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
      });
    },
  );

  it('has a Redis that forgets no job when it is full', async () => {
    const redis = new Redis(process.env.TEST_REDIS_URL!);
    try {
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    } finally {
      redis.disconnect();
    }
  });
});
