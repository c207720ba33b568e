import { parseImportMapping } from './parse-mapping.js';
import { unstorablePaths } from './storable-text.js';

describe('unstorablePaths', () => {
  it('names texts and keys that PostgreSQL cannot store, and nothing else', () => {
    const value = { name: 'a\0b', fields: { ok: 'ä', bad: ['x', '\ud800'] }, 'k\0': 1, emoji: '😀' };
    expect(unstorablePaths(value).toSorted()).toEqual(['(mapping)', 'fields.bad.1', 'name']);
  });

  it('survives any depth', () => {
    let deep: unknown = '\0';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(unstorablePaths(deep)).toHaveLength(1);
  });

  it('refuses such a mapping with the path', () => {
    const mapping = { entity: 'customers', format: { type: 'csv' }, name: 'a\0b', fields: {} };
    expect(() => parseImportMapping(mapping)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        code: 'invalidMapping',
        message: expect.stringContaining('name'),
      }),
    );
  });
});
