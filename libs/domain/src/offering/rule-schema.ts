/** JSON Schema (draft 7) of a set of rules; what it cannot say is checked in validate-rules.ts. */
const id = { type: 'string', minLength: 1, maxLength: 200 } as const;
const ids = { type: 'array', items: id, minItems: 1, maxItems: 1_000 } as const;
const traits = {
  type: 'object',
  minProperties: 1,
  maxProperties: 50,
  propertyNames: { maxLength: 100 },
  additionalProperties: {
    type: 'array',
    items: { type: ['string', 'number', 'boolean'] },
    minItems: 1,
    maxItems: 1_000,
  },
} as const;
const price = { type: 'number', minimum: 0 } as const;

const products = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    productIds: ids,
    categories: ids,
    brands: ids,
    attributes: traits,
    minimumPrice: price,
    maximumPrice: price,
  },
} as const;
const customers = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: { customerIds: ids, traits },
} as const;

const common = {
  ruleId: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
  note: { type: 'string', maxLength: 500 },
  from: { type: 'string', maxLength: 40 },
  until: { type: 'string', maxLength: 40 },
} as const;

function ruleOf(kind: string, required: readonly string[], properties: object) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['ruleId', 'kind', ...required],
    properties: { ...common, kind: { const: kind }, ...properties },
  };
}

export const RULE_SCHEMAS = {
  exclude: ruleOf('exclude', ['products'], { products, customers }),
  eligible: ruleOf('eligible', ['products', 'customers'], { products, customers }),
  forbid: ruleOf('forbid', ['products', 'together'], { products, together: products }),
  pin: ruleOf('pin', ['productId', 'position'], {
    productId: id,
    position: { type: 'integer', minimum: 1, maximum: 100 },
    customers,
  }),
  boost: ruleOf('boost', ['products', 'factor'], {
    products,
    factor: { type: 'number', minimum: 0.01, maximum: 100 },
    customers,
  }),
  minimumRelevance: ruleOf('minimumRelevance', ['share'], {
    share: { type: 'number', minimum: 0, maximum: 1 },
    customers,
  }),
  dailyCap: ruleOf('dailyCap', ['products', 'perCustomer'], {
    products,
    perCustomer: { type: 'integer', minimum: 1, maximum: 1_000 },
  }),
} as const;
