import { openTestDatabase, type TestDatabase } from './test-database.js';
import { TestNights } from './test-night.js';

/** What the tests of a file work on; there from the first of them to the last. */
export interface NightsUnderTest {
  readonly database: TestDatabase;
  readonly nights: TestNights;
}

/** Called once at the top of a spec: opens database and folder before its tests and closes them after the last. */
export function useTestNights(environment: NodeJS.ProcessEnv): NightsUnderTest {
  let opened: NightsUnderTest | undefined;
  const required = (): NightsUnderTest => {
    if (opened === undefined) throw new Error('Database and nights are there in tests and hooks alone.');
    return opened;
  };
  beforeAll(async () => {
    const database = await openTestDatabase(environment);
    opened = { database, nights: await TestNights.open(database) };
  });
  afterAll(async () => {
    await opened?.nights.close();
    await opened?.database.close();
  });
  return {
    get database() {
      return required().database;
    },
    get nights() {
      return required().nights;
    },
  };
}
