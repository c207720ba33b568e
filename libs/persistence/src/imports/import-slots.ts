import type pg from 'pg';
import { IMPORTS_OF_A_TENANT, IMPORTS_OF_THE_FLEET, NightshiftError, type TenantId } from '#libs/domain';

// Two-key advisory locks: the first says which place, the second whose.
const TENANT_PLACE = 1_313_427_300;
const FLEET_PLACE = 1_313_427_299;

/**
 * Part of an import's transaction: takes one of the tenant's places and one of the fleet's, which are free again when it
 * ends, however it ends. Imports over HTTP and from the command line share them, in all processes.
 * @throws NightshiftError `tooManyImports`
 */
export async function takeImportSlot(client: pg.ClientBase, tenantId: TenantId): Promise<void> {
  const own = Array.from({ length: IMPORTS_OF_A_TENANT }, (_, place) => [TENANT_PLACE + place, tenantId]);
  if (!(await takeOne(client, own))) {
    throw tooMany(
      `${IMPORTS_OF_A_TENANT} imports of this tenant are running; send the file when one is over.`,
    );
  }
  const first = Math.floor(Math.random() * IMPORTS_OF_THE_FLEET);
  const all = Array.from({ length: IMPORTS_OF_THE_FLEET }, (_, n) => [
    FLEET_PLACE,
    (first + n) % IMPORTS_OF_THE_FLEET,
  ]);
  if (!(await takeOne(client, all)))
    throw tooMany('Too many imports are running; send the file again shortly.');
}

async function takeOne(client: pg.ClientBase, places: readonly number[][]): Promise<boolean> {
  for (const place of places) {
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1, $2) AS taken',
      place,
    );
    if (rows[0].taken) return true;
  }
  return false;
}

const tooMany = (message: string): NightshiftError => new NightshiftError('busy', 'tooManyImports', message);
