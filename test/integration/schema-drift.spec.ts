import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PRISMA_CLI, prismaEnvironment } from '../../tools/prisma/environment.mjs';

const run = promisify(execFile);

test('the migrations make the database that the schema describes', async () => {
  const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--script'];
  const env = { ...process.env, DATABASE_URL: process.env.TEST_ADMIN_DATABASE_URL };
  const { stdout } = await run(process.execPath, [PRISMA_CLI, ...diff], {
    env: prismaEnvironment(env),
  });
  const statements = stdout.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('--'));
  expect(statements).toEqual([]);
});
