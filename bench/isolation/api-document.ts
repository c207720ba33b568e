/** The part of an OpenAPI document that is read here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly example?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema?: Schema;
}

interface OperationObject {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Of a JSON body. */
  readonly body: Schema | undefined;
  /** Media type of a body that is a file. */
  readonly fileType: string | undefined;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** Every operation of a document: what is described tomorrow is attacked tomorrow. */
export function operationsOf({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, { parameters = [], requestBody }]) => {
        const content = requestBody?.content ?? {};
        const fileType = Object.keys(content).find((type) => type !== 'application/json');
        return {
          ...{ method: method.toUpperCase(), path, parameters },
          ...{ body: content['application/json']?.schema, fileType },
        };
      }),
  );
}

export type Place = (field: string, schema: Schema) => unknown;

/** A value that fits a schema. @param place answers what stands where a free text could; undefined: the example */
export function valueFor(
  document: ApiDocument,
  schema: Schema,
  place: Place,
  field = '',
  depth = 0,
): unknown {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return valueFor(document, document.components?.schemas?.[name] ?? {}, place, field, depth);
  }
  const choice = schema.oneOf?.[0] ?? schema.anyOf?.[0] ?? schema.allOf?.[0];
  if (choice !== undefined) return valueFor(document, choice, place, field, depth);
  if (schema.enum !== undefined) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'array')
    return depth > 5 ? [] : [valueFor(document, schema.items ?? {}, place, field, depth + 1)];
  if (type === 'object' || schema.properties !== undefined) {
    if (depth > 5) return {};
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(
      fields.map(([name, inner]) => [name, valueFor(document, inner, place, name, depth + 1)]),
    );
  }
  if (type === 'string') return place(field, schema) ?? schema.example ?? 'text';
  if (type === 'integer' || type === 'number') return schema.example ?? schema.minimum ?? 1;
  if (type === 'boolean') return schema.example ?? false;
  return schema.example ?? null;
}
