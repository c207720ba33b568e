import { createHash } from 'node:crypto';
import { FIRST_PREVIOUS, verifyAuditTrail, type AuditEntry, type AuditHead } from './audit-trail.js';

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previousSha256 = FIRST_PREVIOUS;
  for (let sequence = 1; sequence <= length; sequence++) {
    const content = JSON.stringify({ sequence, action: 'key.created', actor: 'Anna' });
    const sha256 = createHash('sha256').update(`${previousSha256}\n${content}`).digest('hex');
    entries.push({ sequence, content, previousSha256, sha256 });
    previousSha256 = sha256;
  }
  return entries;
}

const headOf = (entries: readonly AuditEntry[]): AuditHead | undefined => {
  const last = entries.at(-1);
  return last && { sequence: last.sequence, sha256: last.sha256 };
};

test('an untouched chain is whole, and so is none', async () => {
  const entries = chain(3);
  expect(await verifyAuditTrail(headOf(entries), entries)).toMatchObject({ entries: 3, intact: true });
  expect(await verifyAuditTrail(undefined, [])).toEqual({ entries: 0, intact: true, head: undefined });
});

/** Hashes an entry anew, as somebody would who can write to the table. */
function forge(entry: AuditEntry, content: string): AuditEntry {
  const sha256 = createHash('sha256').update(`${entry.previousSha256}\n${content}`).digest('hex');
  return { ...entry, content, sha256 };
}

test.each<[string, (entries: AuditEntry[]) => AuditEntry[], number, string]>([
  [
    'another actor',
    (e) => [e[0], { ...e[1], content: e[1].content.replace('Anna', 'Ben') }, e[2]],
    2,
    'changed',
  ],
  ['a forged entry', (e) => [e[0], forge(e[1], e[1].content.replace('Anna', 'Ben')), e[2]], 3, 'chainBroken'],
  [
    'a forged last entry',
    (e) => [e[0], e[1], forge(e[2], e[2].content.replace('Anna', 'Ben'))],
    4,
    'endMissing',
  ],
  ['one taken out', (e) => [e[0], e[2]], 2, 'missing'],
  ['the first taken out', (e) => e.slice(1), 1, 'missing'],
  ['the last taken off', (e) => e.slice(0, 2), 3, 'endMissing'],
  ['all taken away', () => [], 1, 'endMissing'],
  [
    'a wrong number inside',
    (e) => [forge(e[0], e[0].content.replace('1', '7')), e[1], e[2]],
    1,
    'wrongSequence',
  ],
])('%s shows', async (_, tamper, sequence, problem) => {
  const entries = chain(3);
  expect(await verifyAuditTrail(headOf(entries), tamper(entries))).toMatchObject({
    intact: false,
    broken: { sequence, problem },
  });
});

describe('a chain of which retention has taken the beginning off', () => {
  /** Six entries, the fifth of which says that the first `through` of them are gone. */
  function pruned(through: number, said = through): { head: AuditHead | undefined; entries: AuditEntry[] } {
    const entries = chain(4);
    for (const sequence of [5, 6]) {
      const detail = { through: said, sha256: entries[said - 1].sha256, entries: said };
      const action = sequence === 5 ? 'audit.pruned' : 'key.created';
      const content = JSON.stringify({ sequence, action, actor: 'retention', detail });
      const previousSha256 = entries[entries.length - 1].sha256;
      const sha256 = createHash('sha256').update(`${previousSha256}\n${content}`).digest('hex');
      entries.push({ sequence, content, previousSha256, sha256 });
    }
    return { head: headOf(entries), entries: entries.slice(through) };
  }

  test('is whole from there on', async () => {
    const { head, entries } = pruned(3);
    expect(await verifyAuditTrail(head, entries)).toMatchObject({ entries: 3, intact: true });
  });

  test('is not if more is gone than was said', async () => {
    const { head, entries } = pruned(3, 2);
    expect(await verifyAuditTrail(head, entries)).toMatchObject({
      intact: false,
      broken: { sequence: 1, problem: 'missing' },
    });
  });

  test('shows a change all the same', async () => {
    const { head, entries } = pruned(3);
    const changed = { ...entries[0], content: entries[0].content.replace('Anna', 'Ben') };
    expect(await verifyAuditTrail(head, [changed, ...entries.slice(1)])).toMatchObject({
      broken: { sequence: 4, problem: 'changed' },
    });
  });
});
