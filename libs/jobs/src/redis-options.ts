import { required, type Environment } from '#libs/config';

/** Connection to Redis that waits for it to come back, however long it is away. */
export function redisOptions(environment: Environment) {
  const url = new URL(required(environment, 'REDIS_URL'));
  return {
    host: url.hostname,
    port: url.port === '' ? 6379 : Number(url.port),
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    db: url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0,
    tls: url.protocol === 'rediss:' ? {} : undefined,
    maxRetriesPerRequest: null as number | null,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
  };
}

/** Channel on which serving nodes hear that a pointer has moved or a state has changed. */
export function pointerChannel(environment: Environment): string {
  return `${environment.REDIS_PREFIX}:pointers`;
}
