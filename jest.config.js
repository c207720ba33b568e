const INTEGRATION = ['test/integration/.*\\.spec\\.ts$'];

const END_TO_END = ['test/e2e/.*\\.spec\\.ts$', '(libs|apps|tools)/.*\\.integration\\.spec\\.ts$'];

const BROWSER = ['test/browser/.*\\.spec\\.ts$'];

const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: {
    '^#libs/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.nightshift'],
};

/** Real PostgreSQL and Redis, started once and only if one of these tests was selected. */
const services = {
  globalSetup: '<rootDir>/test/setup/global-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-teardown.ts',
};

/** @type {import('jest').Config} */
export default {
  // Generous: a shared machine may be ten times slower than a quiet one, and a hang still ends.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/tools/jest-summary-reporter.mjs'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testRegex: ['(libs|apps|tools|test)/.*\\.spec\\.(ts|mjs)$'],
      testPathIgnorePatterns: ['/node_modules/', ...INTEGRATION, ...END_TO_END, ...BROWSER],
    },
    { ...shared, ...services, displayName: 'integration', testRegex: INTEGRATION },
    { ...shared, ...services, displayName: 'e2e', testRegex: END_TO_END },
    {
      // A real browser in front of the whole platform, which each file starts in a folder of its own.
      ...shared,
      displayName: 'browser',
      testRegex: BROWSER,
    },
  ],
};
