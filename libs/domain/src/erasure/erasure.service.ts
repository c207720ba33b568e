import { randomUUID } from 'node:crypto';
import { InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Erasure } from './erasure.js';
import type { ErasureLedger, ErasureRepository } from './erasure.repository.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LONGEST_ID = 200;

/** Asks for customers and tenants to be forgotten, and answers with the receipts. A worker does it. */
export class ErasureService {
  constructor(private readonly erasures: ErasureRepository) {}

  /** Also for a customer of whom nothing is known: whoever asks need not know that. @throws InvalidInputError */
  async requestCustomer(tenant: Tenant, customerId: string, requestedBy: string): Promise<Erasure> {
    if (customerId.trim() === '' || customerId.length > LONGEST_ID)
      throw new InvalidInputError('invalidCustomerId', `A customer's id has 1 to ${LONGEST_ID} characters.`, [
        {
          field: 'customerId',
          code: 'invalidCustomerId',
          message: `must have 1 to ${LONGEST_ID} characters`,
        },
      ]);
    const request = { erasureId: randomUUID(), customerId, requestedBy };
    return this.get(tenant, await this.erasures.requestCustomer(tenant.id, request));
  }

  /** @param confirm the tenant's name in addresses, once more. @throws InvalidInputError `notConfirmed` */
  async requestTenant(tenant: Tenant, confirm: string, requestedBy: string): Promise<Erasure> {
    if (confirm !== tenant.slug)
      throw new InvalidInputError(
        'notConfirmed',
        'Erasing a tenant takes its name, exactly as in addresses.',
        [{ field: 'confirm', code: 'notConfirmed', message: 'must be the name of the tenant' }],
      );
    const request = { erasureId: randomUUID(), requestedBy };
    return this.get(tenant, await this.erasures.requestTenant(tenant.id, request));
  }

  /** @throws NotFoundError */
  async get(tenant: Tenant, erasureId: string): Promise<Erasure> {
    const found = UUID.test(erasureId) ? await this.erasures.find(tenant.id, erasureId) : undefined;
    if (found === undefined) throw new NotFoundError('erasure', erasureId.slice(0, 100));
    return found;
  }

  list(tenant: Tenant, limit: number): Promise<readonly Erasure[]> {
    return this.erasures.list(tenant.id, limit);
  }
}

/** After a restore: everything that was erased since the backup is erased again. */
export async function replayErasures(
  ledger: ErasureLedger,
  erasures: ErasureRepository,
): Promise<{ entries: number; foundAgain: number }> {
  const entries = await ledger.entries();
  let foundAgain = 0;
  for (const entry of entries) foundAgain += await erasures.replay(entry);
  return { entries: entries.length, foundAgain };
}
