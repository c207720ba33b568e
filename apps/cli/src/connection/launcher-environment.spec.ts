import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Environment } from '#libs/config';
import { joinLauncher } from './launcher-environment.js';

let stateDir: string;

beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'nightshift-cli-'));
});

afterEach(() => rm(stateDir, { recursive: true, force: true }));

const RECORDED = {
  DATABASE_URL: 'postgres://app@recorded/a',
  PLATFORM_DATABASE_URL: 'postgres://platform@recorded/a',
};

function environmentWith(values: Partial<Environment>): Environment {
  return Object.assign(new Environment(), { STATE_DIR: stateDir, ...values });
}

const record = (content: string) => writeFile(path.join(stateDir, 'launcher.json'), content);

describe('joining a running platform', () => {
  test('takes the addresses that the launcher keeps', async () => {
    await record(JSON.stringify({ environment: RECORDED }));
    expect(await joinLauncher(environmentWith({}))).toMatchObject(RECORDED);
  });

  test('what the environment names goes first', async () => {
    await record(JSON.stringify({ environment: RECORDED }));
    const own = { DATABASE_URL: 'postgres://app@own/b', PLATFORM_DATABASE_URL: 'postgres://platform@own/b' };
    expect(await joinLauncher(environmentWith(own))).toMatchObject(own);
  });

  test.each([['nothing'], ['{}'], ['{"environment":{}}'], ['{"environ']])(
    'with %s recorded says what to do',
    async (content) => {
      if (content !== 'nothing') await record(content);
      await expect(joinLauncher(environmentWith({}))).rejects.toThrow(
        'No database to work on: set DATABASE_URL and PLATFORM_DATABASE_URL, or start the platform with npm start.',
      );
    },
  );
});
