/**
 * JSON Schema (draft 7) of a mapping. Published as mappings/mapping.schema.json, which a test keeps equal to this object.
 * What a schema cannot say (which fields an entity has, which option suits which kind) is checked in parse-mapping.ts.
 */
const text = { type: 'string', minLength: 1, maxLength: 200 } as const;
const columnList = { type: 'array', items: text, minItems: 1, maxItems: 100, uniqueItems: true } as const;

const fieldSchema = {
  type: 'object',
  additionalProperties: false,
  oneOf: [{ required: ['column'] }, { required: ['constant'] }, { required: ['columns'] }],
  properties: {
    column: text,
    constant: { type: ['string', 'number'] },
    columns: columnList,
    separator: { type: 'string', minLength: 1, maxLength: 5 },
    occurrence: { type: 'boolean' },
    prefix: { type: 'string', minLength: 1, maxLength: 50 },
    trim: { type: 'boolean' },
    nullValues: { type: 'array', items: { type: 'string', maxLength: 200 }, maxItems: 100 },
    values: {
      type: 'object',
      additionalProperties: { type: 'string', maxLength: 200 },
      maxProperties: 10_000,
    },
    otherwise: { enum: ['keep', 'null', 'reject'] },
    default: { type: ['string', 'number'] },
    decimal: { enum: ['.', ','] },
    thousands: { enum: [',', '.', ' ', "'", '_'] },
    factor: { type: 'number', exclusiveMinimum: 0 },
    min: { type: 'number' },
    max: { type: 'number' },
    format: text,
    timeZone: text,
    when: { enum: ['pricedPurchase'] },
  },
} as const;

const fieldsSchema = { type: 'object', additionalProperties: { $ref: '#/definitions/field' } } as const;

const formatSchema = {
  type: 'object',
  required: ['type'],
  additionalProperties: false,
  properties: {
    type: { enum: ['csv', 'ndjson', 'parquet'] },
    delimiter: { type: 'string', minLength: 1, maxLength: 1 },
    quote: { type: ['string', 'null'], minLength: 1, maxLength: 1 },
    encoding: { enum: ['utf-8', 'latin1'] },
    header: { type: 'boolean' },
    columns: { ...columnList, maxItems: 10_000 },
  },
} as const;

export const MAPPING_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://nightshift.dev/schemas/mapping.json',
  title: 'Nightshift import mapping',
  description:
    'How the columns of a tenant’s file become fields of the universal schema. See docs/mapping.md.',
  type: 'object',
  required: ['entity', 'format', 'fields'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    name: text,
    description: { type: 'string', maxLength: 2000 },
    entity: { enum: ['interactions', 'customers', 'products', 'offers', 'promotions'] },
    format: { $ref: '#/definitions/format' },
    timeZone: text,
    fields: { $ref: '#/definitions/fields' },
    attributes: columnList,
    product: { $ref: '#/definitions/stub' },
    customer: { $ref: '#/definitions/stub' },
    returnsWhen: { enum: ['negativeQuantity'] },
    negativePrice: { enum: ['reject', 'refund'] },
    unknownColumns: { enum: ['ignore', 'reject'] },
  },
  definitions: {
    field: fieldSchema,
    fields: fieldsSchema,
    format: formatSchema,
    stub: {
      type: 'object',
      additionalProperties: false,
      properties: { fields: { $ref: '#/definitions/fields' }, attributes: columnList },
    },
  },
} as const;
