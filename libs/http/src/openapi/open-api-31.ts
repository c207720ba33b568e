import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = Record<string, unknown>;

/**
 * The library describes in OpenAPI 3.0, whose schemas are a dialect of their own. 3.1 takes JSON Schema as it is: "may be null" is a
 * type and no flag, and an example is one of several.
 */
export function toOpenApi31(document: OpenAPIObject): OpenAPIObject {
  return { ...(convert(document) as OpenAPIObject), openapi: '3.1.0' };
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const converted = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner)]));
  return 'nullable' in converted ? withoutFlag(converted) : converted;
}

function withoutFlag({ nullable, ...schema }: Schema): Schema {
  if (nullable !== true) return schema;
  const { type, enum: values, ...rest } = schema;
  // A reference with words of its own around it.
  if (Array.isArray(rest.allOf)) {
    const { allOf, ...described } = rest;
    return { anyOf: [...(allOf as unknown[]), { type: 'null' }], ...described };
  }
  const withNull = Array.isArray(values) && !values.includes(null) ? [...values, null] : values;
  const allowed = withNull === undefined ? {} : { enum: withNull };
  if (typeof type === 'string') return { type: [type, 'null'], ...allowed, ...rest };
  return withNull === undefined ? { anyOf: [rest, { type: 'null' }] } : { ...allowed, ...rest };
}
