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

/**
 * Follows the chain from the first entry to the head. Where retention has taken entries off, an entry further on says up to which
 * one and with what hash: the chain begins there.
 */
export async function verifyAuditTrail(
  head: AuditHead | undefined,
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
): Promise<AuditVerification> {
  let previous = FIRST_PREVIOUS;
  let last = 0;
  let count = 0;
  let start: PrunedEnd | undefined;
  let isVouchedFor = true;
  for await (const entry of entries) {
    if (count === 0 && entry.sequence > 1) {
      start = { through: entry.sequence - 1, sha256: entry.previousSha256 };
      [last, previous, isVouchedFor] = [start.through, start.sha256, false];
    }
    const problem = problemOf(entry, last + 1, previous);
    if (problem !== undefined)
      return { entries: count, intact: false, broken: { sequence: last + 1, problem }, head };
    isVouchedFor ||= vouchesFor(entry, start);
    previous = entry.sha256;
    last = entry.sequence;
    count++;
  }
  const broken = (sequence: number, problem: AuditProblem): AuditVerification => {
    return { entries: count, intact: false, broken: { sequence, problem }, head };
  };
  if (!isVouchedFor) return broken(1, 'missing');
  const ends = (head?.sequence ?? 0) === last && (head?.sha256 ?? FIRST_PREVIOUS) === previous;
  return ends ? { entries: count, intact: true, head } : broken(last + 1, 'endMissing');
}

/** The last entry that was taken off. */
interface PrunedEnd {
  readonly through: number;
  readonly sha256: string;
}

function vouchesFor(entry: AuditEntry, start: PrunedEnd | undefined): boolean {
  const { action, detail } = parseChange(entry);
  if (action !== 'audit.pruned') return false;
  return detail?.through === start?.through && detail?.sha256 === start?.sha256;
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
