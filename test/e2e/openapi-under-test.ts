import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-required-scope'?: readonly string[];
  readonly 'x-open-to-members'?: true;
  readonly 'x-required-person'?: 'signedIn' | 'operators';
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface DescribedRoute {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** A request as the description's own examples make it. */
export interface ExampleRequest {
  readonly url: string;
  readonly payload: unknown;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const ANY_UUID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const JSON_TYPES = ['application/json', 'application/problem+json'];
const DOCUMENT = 'document';

/** A description of a program, read as a newcomer would: what it shows, one sends; what it promises, one expects. */
export class OpenApiUnderTest {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  constructor(private readonly document: Document) {
    this.ajv.addSchema(document, DOCUMENT);
  }

  get routes(): readonly DescribedRoute[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...{ route: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation },
      })),
    );
  }

  /** All examples of all schemas, with what each one is said to be. */
  get examples(): readonly { readonly at: string; readonly schema: string; readonly value: unknown }[] {
    const found: { at: string; schema: string; value: unknown }[] = [];
    const visit = (node: unknown, pointer: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { example, schema } = node as { example?: unknown; schema?: unknown };
      const isSchema = !pointer.endsWith('/properties');
      if (example !== undefined && isSchema)
        found.push({
          at: pointer,
          schema: schema === undefined ? pointer : `${pointer}/schema`,
          value: example,
        });
      for (const [name, child] of Object.entries(node))
        if (name !== 'example' && name !== 'default') visit(child, `${pointer}/${escaped(name)}`);
    };
    visit(this.document, '#');
    return found;
  }

  /** Optional parts are sent too where they have an example: an example that nobody may send is wrong. */
  requestOf({ path, operation }: DescribedRoute, known: Readonly<Record<string, string>>): ExampleRequest {
    let url = path;
    const query = new URLSearchParams();
    const headers: Record<string, string> = {};
    for (const parameter of operation.parameters ?? []) {
      const value = known[parameter.name] ?? parameter.example ?? this.exampleOf(parameter.schema);
      if (value === undefined && parameter.required !== true) continue;
      if (parameter.in === 'path')
        url = url.replace(`{${parameter.name}}`, encodeURIComponent(String(value)));
      if (parameter.in === 'query') query.append(parameter.name, String(value));
      if (parameter.in === 'header') headers[parameter.name.toLowerCase()] = String(value);
    }
    const [contentType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    const shown = content && (content.example ?? this.exampleOf(content.schema));
    // Where an example names the tenant, it is this one.
    const payload = shown && JSON.parse(JSON.stringify(shown).replaceAll('my-shop', known['tenant']));
    return { url: query.size === 0 ? url : `${url}?${query}`, payload, contentType, headers };
  }

  /** Empty: the answer is one that is described. */
  faultsOf({ path, method, operation }: DescribedRoute, status: number, body: string): readonly string[] {
    const described = operation.responses[status] ?? operation.responses['default'];
    if (described === undefined) return [`status ${status} is not described`];
    const [type] = Object.entries(described.content ?? {}).find(([name]) => JSON_TYPES.includes(name)) ?? [];
    if (type === undefined) return [];
    const at = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    return this.faultsAgainst(`#/${at.map(escaped).join('/')}`, JSON.parse(body));
  }

  faultsAgainst(pointer: string, value: unknown): readonly string[] {
    const validate = this.ajv.compile({ $ref: `${DOCUMENT}${encodeURI(pointer)}` }) as ValidateFunction;
    return validate(value)
      ? []
      : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  private exampleOf(asked: Schema): unknown {
    const schema = this.resolve(asked);
    if (schema.example !== undefined) return schema.example;
    if (schema.examples !== undefined) return schema.examples[0];
    if (schema.const !== undefined) return schema.const;
    if (schema.default !== undefined) return schema.default;
    if (schema.enum !== undefined) return schema.enum[0];
    if (schema.format === 'uuid') return ANY_UUID;
    if (schema.allOf?.length === 1) return this.exampleOf(schema.allOf[0]);
    if (schema.type === 'array') {
      const item = schema.items && this.exampleOf(schema.items);
      return item === undefined ? undefined : [item];
    }
    if (schema.properties === undefined) return undefined;
    const fields = Object.entries(schema.properties).map(([name, field]) => [name, this.exampleOf(field)]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }

  private resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    return this.resolve(this.document.components.schemas[schema.$ref.split('/').at(-1)!]);
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
