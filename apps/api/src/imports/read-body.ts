import type { Readable } from 'node:stream';
import { InvalidInputError } from '#libs/domain';

/** An upload may take hours, but not without a byte: it holds a connection to the database. */
const IDLE_MS = 30_000;

/** The chunks of a body. Leaving early leaves the stream open: the answer to a refused file goes over its connection. */
export async function* readBody(body: Readable, idleMs = IDLE_MS): AsyncGenerator<Uint8Array> {
  const chunks = body.iterator({ destroyOnReturn: false });
  let idle = false;
  try {
    for (;;) {
      const next = chunks.next();
      idle = await isIdle(next, idleMs);
      if (idle) throw tooSlow(idleMs);
      const { value, done } = await next;
      if (done === true) return;
      yield value as Uint8Array;
    }
  } finally {
    // While a chunk is outstanding, the return would wait for it as well.
    const left = chunks.return?.().catch(() => undefined);
    if (!idle) await left;
  }
}

async function isIdle(next: Promise<unknown>, idleMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), idleMs);
  });
  const arrived = next.then(
    () => false,
    () => false,
  );
  const idle = await Promise.race([arrived, timeUp]);
  clearTimeout(timer);
  return idle;
}

const tooSlow = (idleMs: number): InvalidInputError =>
  new InvalidInputError(
    'incompleteFile',
    `Nothing of the file arrived for ${idleMs / 1000} seconds; nothing of it was kept. Send it again.`,
  );
