import { createHash } from 'node:crypto';
import type { TenantId } from '../tenants/tenant.js';

/** An entry of a tenant's audit trail as it is stored: the hash is over `content` to the letter. */
export interface AuditEntry {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** JSON: sequence, at, action, actor, subject, reason, detail. */
  readonly content: string;
  /** Of the entry before; of the first one 64 zeros. */
  readonly previousSha256: string;
  /** Hexadecimal SHA-256 of `previousSha256`, a line feed and `content`. */
  readonly sha256: string;
}

/** What `content` says. */
export interface AuditedChange {
  readonly sequence: number;
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** Where the chain ends, by a record of its own: cutting off the last entries shows. */
export interface AuditHead {
  readonly sequence: number;
  readonly sha256: string;
}

export interface AuditVerification {
  readonly entries: number;
  readonly intact: boolean;
  /** The first entry that is not what it was, and what is wrong with it. */
  readonly broken?: { readonly sequence: number; readonly problem: AuditProblem };
  readonly head: AuditHead | undefined;
}

export type AuditProblem = 'missing' | 'changed' | 'chainBroken' | 'wrongSequence' | 'endMissing';

export const FIRST_PREVIOUS = '0'.repeat(64);

export abstract class AuditRepository {
  /** Newest first. @param before entries with a lower sequence only */
  abstract page(tenantId: TenantId, limit: number, before?: number): Promise<AuditEntry[]>;
  /** All of them, oldest first, and the head of the same moment; both are gone when `use` has ended. */
  abstract read<T>(
    tenantId: TenantId,
    use: (head: AuditHead | undefined, entries: AsyncIterable<AuditEntry>) => Promise<T>,
  ): Promise<T>;
}

/** Follows the chain from the first entry to the head. */
export async function verifyAuditTrail(
  head: AuditHead | undefined,
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
): Promise<AuditVerification> {
  let previous = FIRST_PREVIOUS;
  let count = 0;
  for await (const entry of entries) {
    const problem = problemOf(entry, count + 1, previous);
    if (problem !== undefined)
      return { entries: count, intact: false, broken: { sequence: count + 1, problem }, head };
    previous = entry.sha256;
    count++;
  }
  const ends = (head?.sequence ?? 0) === count && (head?.sha256 ?? FIRST_PREVIOUS) === previous;
  if (ends) return { entries: count, intact: true, head };
  return { entries: count, intact: false, broken: { sequence: count + 1, problem: 'endMissing' }, head };
}

export function parseChange(entry: AuditEntry): AuditedChange {
  return JSON.parse(entry.content) as AuditedChange;
}

function problemOf(entry: AuditEntry, sequence: number, previous: string): AuditProblem | undefined {
  if (entry.sequence !== sequence) return 'missing';
  if (entry.previousSha256 !== previous) return 'chainBroken';
  const hashed = createHash('sha256').update(`${entry.previousSha256}\n${entry.content}`).digest('hex');
  if (hashed !== entry.sha256) return 'changed';
  return parseChange(entry).sequence === sequence ? undefined : 'wrongSequence';
}
