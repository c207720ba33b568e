import type { Field, Mapping } from './data-queries.js';

/** Another column for a field. The price that rows tell about their product, and a key made of columns, go along. */
export function withColumn(mapping: Mapping, name: string, column: string | null): Mapping {
  const before = mapping.fields[name];
  const others = Object.fromEntries(Object.entries(mapping.fields).filter(([other]) => other !== name));
  const changed: Mapping = {
    ...mapping,
    fields:
      column === null ? defaulted(name, others) : { ...others, [name]: { ...optionsOf(before), column } },
  };
  return withPrice(withKey(changed, before?.column, column ?? undefined), name, before?.column, column);
}

export function withFormat(mapping: Mapping, name: string, format: string): Mapping {
  const said = format.trim() === '' ? 'iso' : format.trim();
  return { ...mapping, fields: { ...mapping.fields, [name]: { ...mapping.fields[name], format: said } } };
}

/** What holds for any column: number styles and tables of values are the old column's own. */
function optionsOf(field: Field | undefined): Field {
  return field?.format === undefined ? {} : { format: field.format };
}

function defaulted(name: string, others: Readonly<Record<string, Field>>): Readonly<Record<string, Field>> {
  return name === 'type' ? { ...others, type: { constant: 'purchase' } } : others;
}

function withKey(mapping: Mapping, before: string | undefined, after: string | undefined): Mapping {
  const { eventId } = mapping.fields;
  if (eventId?.columns === undefined || before === after) return mapping;
  const kept = eventId.columns.filter((column) => column !== before);
  const columns = after === undefined || kept.includes(after) ? kept : [...kept, after];
  return { ...mapping, fields: { ...mapping.fields, eventId: { ...eventId, columns } } };
}

function withPrice(
  mapping: Mapping,
  name: string,
  before: string | undefined,
  column: string | null,
): Mapping {
  const { price, ...others } = mapping.product?.fields ?? {};
  if (name !== 'unitPrice' || price === undefined || price.column !== before) return mapping;
  const fields = column === null ? others : { ...others, price: { ...price, column } };
  return { ...mapping, product: { ...mapping.product, fields } };
}
