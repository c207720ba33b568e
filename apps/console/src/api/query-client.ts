import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isProblem } from './problem.js';

const MOST_RETRIES = 2;

/** Whoever's session has ended signs in and comes back to where they were. */
export function createQueryClient(onSessionLost: () => void): QueryClient {
  const queries = {
    staleTime: 10_000,
    // What was refused will be refused again.
    retry: (count: number, error: unknown) =>
      count < MOST_RETRIES && (!isProblem(error) || error.status >= 500 || error.status === 429),
  };
  const onError = (error: unknown) => {
    if (isProblem(error, 401)) onSessionLost();
  };
  return new QueryClient({ queryCache: new QueryCache({ onError }), defaultOptions: { queries } });
}
