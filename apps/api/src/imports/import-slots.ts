import { IMPORTS_OF_A_TENANT, NightshiftError, type TenantId } from '#libs/domain';

/** An import holds a connection for as long as its upload takes. */
export const IMPORTS_AT_ONCE = 6;

/**
 * Who may import in this process: no tenant keeps the others out, and nobody waits for a connection. The database counts
 * again, over all processes and the command line.
 */
export class ImportSlots {
  private readonly taken = new Map<TenantId, number>();
  private total = 0;

  /** @throws NightshiftError `tooManyImports`; the answer gives the slot back */
  take(tenantId: TenantId): () => void {
    const own = this.taken.get(tenantId) ?? 0;
    if (own >= IMPORTS_OF_A_TENANT) {
      throw tooMany(
        `${IMPORTS_OF_A_TENANT} imports of this tenant are running; send the file when one is over.`,
      );
    }
    if (this.total >= IMPORTS_AT_ONCE)
      throw tooMany('Too many imports are running; send the file again shortly.');
    this.taken.set(tenantId, own + 1);
    this.total += 1;
    return () => this.giveBack(tenantId);
  }

  private giveBack(tenantId: TenantId): void {
    const left = (this.taken.get(tenantId) ?? 1) - 1;
    if (left === 0) this.taken.delete(tenantId);
    else this.taken.set(tenantId, left);
    this.total -= 1;
  }
}

const tooMany = (message: string): NightshiftError => new NightshiftError('busy', 'tooManyImports', message);
