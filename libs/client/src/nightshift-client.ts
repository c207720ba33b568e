import { NightshiftProblem, type ProblemBody } from './nightshift-problem.js';

export interface ClientOptions {
  /** Of the program: `http://127.0.0.1:3001`, say. */
  readonly address: string;
  /** The name in addresses. */
  readonly tenant: string;
  readonly key: string;
  readonly timeoutMs?: number;
  /** Further tries after "come back later" (429, 503). Safe for everything that carries an `eventId` or only reads. */
  readonly retries?: number;
  readonly fetch?: typeof fetch;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** A caller who is told to come back tomorrow wants to hear that, and not to wait. */
const LONGEST_WAIT_SECONDS = 30;

type Method = 'get' | 'put' | 'post' | 'delete';
type PathsWith<Paths, M extends Method> = {
  [Path in keyof Paths]: Paths[Path] extends { [Key in M]: object } ? Path : never;
}[keyof Paths];
type OperationOf<Paths, Path extends keyof Paths, M extends Method> =
  Paths[Path] extends Record<M, infer O> ? O : never;

type Success = 200 | 201 | 202 | 204;
type JsonOf<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : undefined;
/** What the description says that this operation answers with. */
export type Answer<O> = O extends { responses: infer R } ? JsonOf<R[keyof R & Success]> : never;

type ParametersOf<O, Place extends string> = O extends { parameters: { [P in Place]?: infer Values } }
  ? Exclude<Values, undefined>
  : Record<never, never>;
type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer Body } } }
  ? Body
  : undefined;

interface CallOptions<O> {
  /** Everything in the address but the tenant. */
  readonly path?: Omit<ParametersOf<O, 'path'>, 'tenant'>;
  readonly query?: ParametersOf<O, 'query'>;
  readonly body?: BodyOf<O>;
}

/** Calls one of the programs, with the types of its own description. `Paths` is `ServingPaths` or `ApiPaths`. */
export class NightshiftClient<Paths> {
  constructor(private readonly options: ClientOptions) {}

  get<Path extends PathsWith<Paths, 'get'> & string>(
    path: Path,
    options: CallOptions<OperationOf<Paths, Path, 'get'>> = {},
  ): Promise<Answer<OperationOf<Paths, Path, 'get'>>> {
    return this.call('GET', path, options);
  }

  post<Path extends PathsWith<Paths, 'post'> & string>(
    path: Path,
    options: CallOptions<OperationOf<Paths, Path, 'post'>> = {},
  ): Promise<Answer<OperationOf<Paths, Path, 'post'>>> {
    return this.call('POST', path, options);
  }

  put<Path extends PathsWith<Paths, 'put'> & string>(
    path: Path,
    options: CallOptions<OperationOf<Paths, Path, 'put'>> = {},
  ): Promise<Answer<OperationOf<Paths, Path, 'put'>>> {
    return this.call('PUT', path, options);
  }

  delete<Path extends PathsWith<Paths, 'delete'> & string>(
    path: Path,
    options: CallOptions<OperationOf<Paths, Path, 'delete'>> = {},
  ): Promise<Answer<OperationOf<Paths, Path, 'delete'>>> {
    return this.call('DELETE', path, options);
  }

  /** @throws NightshiftProblem when it is refused, and what `fetch` throws when nobody answers */
  private async call<O>(method: string, path: string, options: CallOptions<O>): Promise<Answer<O>> {
    for (let tries = 0; ; tries++) {
      const response = await this.send(method, path, options);
      if (response.status === 204) return undefined as Answer<O>;
      if (response.ok) return (await response.json()) as Answer<O>;
      const problem = await problemOf(response);
      const wait = problem.retryAfterSeconds;
      if (wait === undefined || wait > LONGEST_WAIT_SECONDS || tries >= (this.options.retries ?? 0))
        throw problem;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }

  private send<O>(
    method: string,
    path: string,
    { path: names, query, body }: CallOptions<O>,
  ): Promise<Response> {
    const { address, tenant, key, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    const url = new URL(fillIn(path, { ...names, tenant }), address);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { authorization: `Bearer ${key}`, accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signal = AbortSignal.timeout(timeoutMs);
    return (this.options.fetch ?? fetch)(url, { method, headers, body: text, signal });
  }
}

/** @throws Error when a name in the address has no value */
function fillIn(path: string, names: Readonly<Record<string, unknown>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    if (value === undefined) throw new Error(`${path} needs ${name}.`);
    return encodeURIComponent(String(value));
  });
}

async function problemOf(response: Response): Promise<NightshiftProblem> {
  const text = await response.text();
  const wait = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfter = Number.isFinite(wait) ? wait : undefined;
  try {
    const body = JSON.parse(text) as ProblemBody;
    if (typeof body.code === 'string') return new NightshiftProblem(body, retryAfter);
  } catch {
    // Something between here and the program has answered in its own words.
  }
  const body = { type: 'about:blank', title: response.statusText, code: 'unknown', instance: '' };
  return new NightshiftProblem({ ...body, status: response.status, detail: text.slice(0, 500) }, retryAfter);
}
