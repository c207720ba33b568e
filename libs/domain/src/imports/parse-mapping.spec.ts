import { readFileSync } from 'node:fs';
import { InvalidInputError } from '../errors/nightshift-error.js';
import { MAPPING_SCHEMA } from './mapping-schema.js';
import { parseImportMapping, parseImportMappingText } from './parse-mapping.js';

const mappingFile = (name: string): unknown =>
  JSON.parse(readFileSync(`mappings/${name}`, 'utf8')) as unknown;

const minimal = {
  entity: 'interactions',
  format: { type: 'csv' },
  fields: {
    eventId: { column: 'id' },
    type: { constant: 'purchase' },
    productId: { column: 'sku' },
    occurredAt: { column: 'at' },
  },
};

function mistakes(value: unknown): string[] {
  try {
    parseImportMapping(value);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return (error.details.fields ?? []).map((field) => `${field.field} ${field.code}`);
  }
}

const withField = (name: string, field: object) => ({
  ...minimal,
  fields: { ...minimal.fields, [name]: field },
});

describe('parseImportMapping', () => {
  it('accepts the smallest mapping and the shipped one', () => {
    expect(mistakes(minimal)).toEqual([]);
    expect(mistakes(mappingFile('uci-online-retail.json'))).toEqual([]);
  });

  it('publishes the schema that it checks', () => {
    expect(mappingFile('mapping.schema.json')).toEqual(JSON.parse(JSON.stringify(MAPPING_SCHEMA)));
  });

  it.each<[string, unknown, string[]]>([
    ['no object', [], ['(mapping) invalidOption']],
    ['an unknown option', { ...minimal, colour: 1 }, ['colour unknownOption']],
    ['a missing section', { entity: 'customers', fields: {} }, ['format missing']],
    ['an unknown entity', { ...minimal, entity: 'orders' }, ['entity invalidOption']],
    ['a field without a source', withField('channel', {}), ['fields.channel invalidOption']],
    [
      'a field with two sources',
      withField('channel', { column: 'a', constant: 'b' }),
      ['fields.channel invalidOption'],
    ],
    ['an unknown field', withField('custmerId', { column: 'a' }), ['fields.custmerId unknownField']],
    ['a type that is none', withField('type', { constant: 'buy' }), ['fields.type.constant invalidOption']],
    [
      'a table of types',
      withField('type', { column: 't', values: { B: 'buy' } }),
      ['fields.type.values.B invalidOption'],
    ],
    ['a zone that is none', { ...minimal, timeZone: 'London' }, ['timeZone invalidOption']],
    [
      'a date format that is none',
      withField('occurredAt', { column: 'a', format: 'HH' }),
      ['fields.occurredAt.format invalidOption'],
    ],
    [
      'number options on an id',
      withField('productId', { column: 'a', decimal: ',' }),
      ['fields.productId.decimal unsuitable'],
    ],
    [
      'equal separators',
      withField('quantity', { column: 'a', thousands: '.' }),
      ['fields.quantity.thousands invalidOption'],
    ],
    ['a derived number', withField('quantity', { columns: ['a', 'b'] }), ['fields.quantity unsuitable']],
    [
      'occurrences of an id',
      withField('orderId', { columns: ['a'], occurrence: true }),
      ['fields.orderId.occurrence unsuitable'],
    ],
    [
      'no header and no columns',
      { ...minimal, format: { type: 'csv', header: false } },
      ['format.columns missing'],
    ],
    [
      'CSV options elsewhere',
      { ...minimal, format: { type: 'ndjson', delimiter: ';' } },
      ['format.delimiter unsuitable'],
    ],
    [
      'the id in a section',
      { ...minimal, product: { fields: { productId: { column: 'a' } } } },
      ['product.fields.productId unsuitable'],
    ],
    [
      '`when` outside a section',
      withField('channel', { column: 'a', when: 'pricedPurchase' }),
      ['fields.channel.when unsuitable'],
    ],
    [
      'a section of customers',
      { entity: 'customers', format: { type: 'csv' }, fields: { customerId: { column: 'c' } }, product: {} },
      ['product unsuitable'],
    ],
    [
      'a missing key',
      { entity: 'customers', format: { type: 'csv' }, fields: {} },
      ['fields.customerId missing'],
    ],
    ['attributes of interactions', { ...minimal, attributes: ['a'] }, ['attributes unsuitable']],
  ])('names what is wrong with %s', (_, value, expected) => {
    expect(mistakes(value)).toEqual(expected);
  });

  it('suggests the field that was meant', () => {
    expect(() => parseImportMapping(withField('custmerId', { column: 'a' }))).toThrow(
      /did you mean customerId/,
    );
  });

  it('explains what is not JSON', () => {
    expect(() => parseImportMappingText('{entity')).toThrow(/The mapping is not JSON/);
  });
});
