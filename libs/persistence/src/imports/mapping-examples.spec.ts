import { readFileSync } from 'node:fs';
import {
  ENTITY_FIELDS,
  parseImportMappingText,
  ROW_ERROR_CODES,
  RowErrorCollector,
  RowMapper,
} from '#libs/domain';
import { TenantFileReader } from './readers/file-reader.js';

const page = readFileSync('docs/mapping.md', 'utf8');

const example = (kind: string): string => {
  const match = new RegExp('```\\w+ ' + kind + '\\n([\\s\\S]*?)```').exec(page);
  if (match === null) throw new Error(`docs/mapping.md has no ${kind}`);
  return match[1] as string;
};

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describe('docs/mapping.md', () => {
  it('shows a mapping that does what the page says', async () => {
    const mapping = parseImportMappingText(example('mapping'));
    const file = await new TenantFileReader('unused').open(bytes(example('example')), mapping.format, {
      wanted: [],
      refuseUnknown: false,
      signal: undefined,
    });
    const mapper = new RowMapper(mapping, file.columns, Date.now());
    const errors = new RowErrorCollector();
    const mapped: Record<string, unknown>[] = [];
    for await (const batch of file.batches) {
      for (const record of batch) {
        expect(mapper.map(record.values, errors)).toBe(true);
        const entries = ENTITY_FIELDS.interactions.map(
          ({ name }, index) => [name, mapper.row[index]] as const,
        );
        mapped.push(Object.fromEntries(entries.filter(([, value]) => value !== null)));
      }
    }
    const occurredAt = new Date(mapped[0]?.['occurredAt'] as number).toISOString();
    expect({ ...mapped[0], occurredAt }).toEqual(JSON.parse(example('row')));
    expect(mapped[1]).toMatchObject({ type: 'return', quantity: -1 });
  });

  it('names every field and every error code', () => {
    const names = Object.values(ENTITY_FIELDS).flatMap((fields) => fields.map(({ name }) => name));
    expect([...names, ...ROW_ERROR_CODES].filter((name) => !page.includes(name))).toEqual([]);
  });
});
