import { writeFileSync } from 'node:fs';

// The very last line of a test run, for people and programs alike: `Tests: N passed, N failed, N skipped`.
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    // A file that does not even load has no tests to count, and must not look like success.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const file = process.env.JEST_TALLY_FILE;
    if (file) {
      writeFileSync(file, JSON.stringify({ passed: results.numPassedTests, failed, skipped }));
      return;
    }
    // After everything Jest itself still prints.
    process.once('exit', () => {
      process.stdout.write(`Tests: ${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
