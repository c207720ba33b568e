import {
  VocabularyReadModel,
  type FoundProduct,
  type TenantId,
  type Vocabulary,
  type VocabularyField,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

const MOST_VALUES = 200;
const MOST_ATTRIBUTES = 50;
/** Of customers, under the names by which rules know them. */
const TRAITS = `VALUES ('region', region), ('country', country), ('segment', segment), ('tier', tier),
  ('ageBand', age_band), ('gender', gender)`;
/** Texts, numbers and booleans, each element of a list of them: as the night makes tags of them. */
const ATTRIBUTES = `jsonb_each(attributes) AS pair(name, held),
  LATERAL jsonb_array_elements(CASE jsonb_typeof(held) WHEN 'array' THEN held ELSE jsonb_build_array(held) END) AS element(item),
  LATERAL (SELECT item #>> '{}' AS value) AS plain
  WHERE jsonb_typeof(item) IN ('string', 'number', 'boolean')`;

interface ValueRow {
  readonly name: string;
  readonly value: string;
  readonly count: number;
}

interface ProductRow {
  readonly product_id: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly price: string | null;
}

export class PostgresVocabularyReadModel extends VocabularyReadModel {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override vocabulary(tenantId: TenantId): Promise<Vocabulary> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const fields = async (pairs: string) => {
        const { rows } = await client.query<ValueRow>(commonest(pairs), [tenantId, MOST_VALUES + 1]);
        return toFields(rows);
      };
      const products = await fields(
        `product, LATERAL (VALUES ('category', category), ('brand', brand)) AS pair(name, value) WHERE true`,
      );
      const traits = await fields(`customer, LATERAL (${TRAITS}) AS pair(name, value) WHERE true`);
      const attributes = await fields(`customer, ${ATTRIBUTES}`);
      const known = new Set(traits.map(({ name }) => name));
      return {
        categories: fieldOf(products, 'category'),
        brands: fieldOf(products, 'brand'),
        productAttributes: await fields(`product, ${ATTRIBUTES}`),
        // What the schema knows comes first, as at night.
        customerTraits: [...traits, ...attributes.filter(({ name }) => !known.has(name))],
      };
    });
  }

  override searchProducts(tenantId: TenantId, text: string, limit: number): Promise<FoundProduct[]> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<ProductRow>(
        `SELECT product_id, name, category, brand, price FROM product
         WHERE tenant_id = $1
           AND (starts_with(lower(product_id), lower($2)) OR strpos(lower(name), lower($2)) > 0)
         ORDER BY starts_with(lower(product_id), lower($2)) DESC, product_id LIMIT $3`,
        [tenantId, text, limit],
      );
      return rows.map(toProduct);
    });
  }

  override products(tenantId: TenantId, productIds: readonly string[]): Promise<FoundProduct[]> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<ProductRow>(
        `SELECT product_id, name, category, brand, price FROM product
         WHERE tenant_id = $1 AND product_id = ANY ($2) ORDER BY product_id`,
        [tenantId, productIds],
      );
      return rows.map(toProduct);
    });
  }
}

/** @param pairs table with `name` and `value`, and a condition */
function commonest(pairs: string): string {
  return `SELECT name, value, count FROM (
      SELECT *, row_number() OVER (PARTITION BY name ORDER BY count DESC, value) AS place FROM (
        SELECT pair.name, value, count(*)::int AS count FROM ${pairs} AND tenant_id = $1 AND value <> ''
        GROUP BY pair.name, value) AS counted) AS placed
    WHERE place <= $2 ORDER BY name, place`;
}

function toFields(rows: readonly ValueRow[]): VocabularyField[] {
  const fields = new Map<string, { value: string; count: number }[]>();
  for (const { name, value, count } of rows) {
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [{ value, count }]);
    else values.push({ value, count });
  }
  return [...fields].slice(0, MOST_ATTRIBUTES).map(([name, values]) => ({
    name,
    values: values.slice(0, MOST_VALUES),
    hasMore: values.length > MOST_VALUES,
  }));
}

function fieldOf(fields: readonly VocabularyField[], name: string): VocabularyField {
  return fields.find((field) => field.name === name) ?? { name, values: [], hasMore: false };
}

function toProduct({ product_id: productId, name, category, brand, price }: ProductRow): FoundProduct {
  return {
    productId,
    name: name ?? undefined,
    category: category ?? undefined,
    brand: brand ?? undefined,
    price: price === null ? undefined : Number(price),
  };
}
