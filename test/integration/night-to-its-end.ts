import type { Tenant } from '#libs/domain';
import { runStages, StageError } from '#libs/pipeline';
import { claimTestRun, type TestDatabase, type TestNights } from '#libs/testing';

/** A night as the worker runs it: an error ends the run as failed. */
export async function nightToItsEnd(
  database: TestDatabase,
  nights: TestNights,
  tenant: Tenant,
): Promise<string> {
  const { run, lease } = await claimTestRun(database, tenant);
  const listener = {
    started: () => undefined,
    finished: () => undefined,
    warned: () => undefined,
    mayGoOn: () => true,
  };
  try {
    return await runStages(nights.ports, nights.runs, tenant, run, lease, listener);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const { stage, message } = error;
    await nights.runs.fail(lease, { stage, code: 'invalidSettings', message, delayMs: undefined });
    return 'failed';
  }
}
