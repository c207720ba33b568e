/**
 * A product's attributes as tags, `key=value`: texts, numbers and booleans, each element of a list of them. Whatever is nested
 * deeper says nothing that a comparison of whole terms could use.
 * @param json the JSON text of an object
 */
export function attributeTags(json: string | undefined): string[] {
  if (json === undefined || json === '{}') return [];
  const attributes = JSON.parse(json) as Readonly<Record<string, unknown>>;
  return Object.entries(attributes).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isPlain).map((item) => `${key}=${item}`),
  );
}

function isPlain(value: unknown): value is string | number | boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  );
}
