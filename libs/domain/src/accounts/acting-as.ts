import { AsyncLocalStorage } from 'node:async_hooks';

const acting = new AsyncLocalStorage<string>();

/** Changes made within `work`, however deep, are recorded under this name. */
export function actingAs<T>(actor: string, work: () => T): T {
  return acting.run(actor, work);
}

/** Undefined where nobody has said so: a job of the platform itself. */
export function currentActor(): string | undefined {
  return acting.getStore();
}
