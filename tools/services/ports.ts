import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';

const HOST = '127.0.0.1';

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The first free one of the preferred ports, else any free port. With patience, the first one is waited for: a server
 * that was just killed can hold its port for a moment, and its clients should find the next one where it was.
 * (get-port alone would not do: within one process it never answers the same port twice in half a minute.)
 */
export async function choosePort(preferred: number[], { patienceMs = 0 } = {}): Promise<number> {
  const end = Date.now() + patienceMs;
  for (;;) {
    for (const port of patienceMs > 0 ? preferred.slice(0, 1) : preferred) {
      if (await isPortFree(port)) return port;
    }
    if (Date.now() >= end) break;
    await sleep(100);
  }
  for (const port of preferred) if (await isPortFree(port)) return port;
  return getPort({ host: HOST });
}
