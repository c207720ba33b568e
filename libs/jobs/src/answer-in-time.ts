import { UnavailableError } from '#libs/domain';

/**
 * Waits for Redis no longer than this: a connection that waits for Redis to come back would otherwise hold its caller
 * for as long as Redis hangs. The work gets a signal, so that what answers late does not go on.
 * @throws UnavailableError
 */
export async function answerInTime<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new UnavailableError('Redis', new Error(`no answer within ${timeoutMs} ms`));
      reject(error);
      late.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(late.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
