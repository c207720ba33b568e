import { plainToInstance, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, validateSync } from 'class-validator';
import { availableParallelism } from 'node:os';
import { usableMemoryBytes } from './usable-memory.js';

const POSTGRES_URL = { protocols: ['postgres', 'postgresql'], require_tld: false, require_protocol: true };
const HTTP_URL = { protocols: ['http', 'https'], require_tld: false, require_protocol: true };
const REDIS_URL = { protocols: ['redis', 'rediss'], require_tld: false, require_protocol: true };

/** Everything that the processes take from their environment: read once, checked once, at boot. */
export class Environment {
  /** The application's login: one tenant at a time. */
  @IsOptional() @IsUrl(POSTGRES_URL) DATABASE_URL?: string;
  /** The platform's login: tenants, runs, workers. */
  @IsOptional() @IsUrl(POSTGRES_URL) PLATFORM_DATABASE_URL?: string;
  /** The data plane's login: pointers, key hashes, feedback. */
  @IsOptional() @IsUrl(POSTGRES_URL) SERVING_DATABASE_URL?: string;
  /** The console's login: people, sessions, who belongs to which tenant. */
  @IsOptional() @IsUrl(POSTGRES_URL) ACCOUNTS_DATABASE_URL?: string;
  @IsOptional() @IsUrl(REDIS_URL) REDIS_URL?: string;
  /** Key prefix in Redis, so that several installations can share one. */
  @IsString() REDIS_PREFIX: string = 'nightshift';
  /** Folder of artifacts, list files and rejected rows. */
  @IsString() STATE_DIR: string = '.nightshift';
  /** Folder of the built console, which the control plane serves. */
  @IsString() CONSOLE_DIR: string = 'dist/apps/console';
  /** Where artifacts and lists are kept for several hosts: `s3://bucket/prefix?endpoint=…`, or `file:///folder`; STATE_DIR if absent. */
  @IsOptional() @Matches(/^(s3:\/\/[^/]|file:\/\/\/)/) ARTIFACTS_URL?: string;
  /** For `s3://`; what the machine itself is allowed if absent. */
  @IsOptional() @IsString() AWS_ACCESS_KEY_ID?: string;
  @IsOptional() @IsString() AWS_SECRET_ACCESS_KEY?: string;
  @IsString() HOST: string = '127.0.0.1';
  @Type(() => Number) @IsInt() @Min(0) @Max(65535) API_PORT: number = 3000;
  @Type(() => Number) @IsInt() @Min(0) @Max(65535) SERVING_PORT: number = 3001;
  @Type(() => Number) @IsInt() @Min(0) @Max(65535) WORKER_PORT: number = 3002;
  /** Address of the console as browsers see it. With https, cookies are kept from plain connections. */
  @IsOptional() @IsUrl(HTTP_URL) PUBLIC_URL?: string;
  /** A provider of OpenID Connect, the client that is registered there, and what the button is called. */
  @IsOptional() @IsUrl(HTTP_URL) OIDC_ISSUER?: string;
  @IsOptional() @IsString() OIDC_CLIENT_ID?: string;
  @IsOptional() @IsString() OIDC_CLIENT_SECRET?: string;
  @IsString() OIDC_NAME: string = 'single sign-on';
  /** Address under which tenants reach the data plane; shown in documents and answers. */
  @IsOptional() @IsString() SERVING_PUBLIC_URL?: string;
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) LOG_LEVEL: string = 'info';
  /** Runs that one worker process works on at a time: two for each processor, since a run waits for the database as well. */
  @Type(() => Number) @IsInt() @Min(1) @Max(64) WORKER_SLOTS: number = Math.min(
    64,
    2 * availableParallelism(),
  );
  /** Threads for numerics in one worker process. */
  @Type(() => Number) @IsInt() @Min(1) @Max(256) WORKER_THREADS: number = availableParallelism();
  /**
   * Memory for the fits of one worker process, shared equally by its slots. The other half of what there is remains for
   * data, models and lists, and for what else runs here.
   */
  @Type(() => Number) @IsInt() @Min(1) WORKER_MEMORY_MB: number = Math.floor(usableMemoryBytes() / 2 ** 21);
  /** A worker that has not reported for this long has lost its runs. */
  @Type(() => Number) @IsInt() @Min(500) LEASE_MS: number = 15_000;
  /** How long a worker that is asked to stop goes on with what it has begun, before it hands the rest back. */
  @Type(() => Number) @IsInt() @Min(0) STOP_GRACE_MS: number = 10_000;
  /** How often the dispatcher looks for runs to admit, and serving nodes for moved pointers. */
  @Type(() => Number) @IsInt() @Min(50) POLL_MS: number = 1_000;
  /** How often the planner looks whose night has begun; 0 switches it off. */
  @Type(() => Number) @IsInt() @Min(0) PLAN_MS: number = 60_000;
  /** What one key may ask of one node, a second, in the long run. */
  @Type(() => Number) @IsInt() @Min(1) KEY_REQUESTS_PER_SECOND: number = 20_000;
  /** What all keys of a tenant may ask, a day in UTC, where it has no number of its own; 0 is no limit. */
  @Type(() => Number) @IsInt() @Min(0) TENANT_REQUESTS_PER_DAY: number = 0;
  /** How often purchases are tied to recommendations and days counted; 0 switches it off. */
  @Type(() => Number) @IsInt() @Min(0) ATTRIBUTE_MS: number = 900_000;
  /** What scrapers send for metrics, as a bearer; without it only this machine may read them. */
  @IsOptional() @IsString() METRICS_TOKEN?: string;
  /** How often a worker looks whether the day's maintenance (retention) is done; 0 switches it off. */
  @Type(() => Number) @IsInt() @Min(0) MAINTAIN_MS: number = 600_000;
  /** Written into every model version. */
  @IsOptional() @IsString() CODE_VERSION?: string;
  /** Where a command was typed; npm runs it in the project's folder and names the other one so. */
  @IsOptional() @IsString() INIT_CWD?: string;
}

/** @throws Error naming every variable that is wrong, never its value: values can be secrets */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const known = Object.keys(new Environment()).concat(OPTIONAL_NAMES);
  const given = Object.fromEntries(
    known.filter((name) => (source[name] ?? '') !== '').map((name) => [name, source[name]]),
  );
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const problems = validateSync(environment, { skipMissingProperties: false });
  if (problems.length > 0) {
    const lines = problems.map(
      (problem) => `${problem.property}: ${Object.values(problem.constraints ?? {}).join(', ')}`,
    );
    throw new Error(`The environment is not usable.\n  ${lines.join('\n  ')}`);
  }
  return environment;
}

const OPTIONAL_NAMES = [
  'DATABASE_URL',
  'PLATFORM_DATABASE_URL',
  'SERVING_DATABASE_URL',
  'ACCOUNTS_DATABASE_URL',
  'PUBLIC_URL',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'REDIS_URL',
  'ARTIFACTS_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'SERVING_PUBLIC_URL',
  'METRICS_TOKEN',
  'CODE_VERSION',
  'INIT_CWD',
];

/** A variable that this process cannot do without. @throws Error naming it */
export function required<K extends keyof Environment>(
  environment: Environment,
  name: K,
): NonNullable<Environment[K]> {
  const value = environment[name];
  if (value === undefined || value === null) throw new Error(`${name} must be set.`);
  return value as NonNullable<Environment[K]>;
}
