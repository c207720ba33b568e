// Brings PostgreSQL and Redis back when they die: without them no night runs, and nobody is told at night.
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcessAlive } from '../services/processes.ts';
import type { ServiceName, Services } from '../services/services.ts';
import { RestartPauses } from './restart-pauses.ts';

const LOOK_EVERY_MS = 1_000;

export interface SupervisorOptions {
  report: (message: string) => void;
  /** Another process now answers for a service. */
  onChange: () => void;
}

/** Watches the services that were started here, and no others: servers of one's own are looked after by somebody else. */
export class ServiceSupervisor {
  readonly #services: Services;
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  readonly #watches: Promise<void>[];

  constructor(services: Services, options: SupervisorOptions) {
    this.#services = services;
    this.#options = options;
    this.#watches = services.processes.map(({ name }) => this.#watch(name));
  }

  /** Resolves when nothing is being started any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#watches);
  }

  // By looking, since a PostgreSQL that was taken over is not our child and tells us nothing when it ends.
  async #watch(name: ServiceName): Promise<void> {
    const pauses = new RestartPauses();
    while (await this.#waited(LOOK_EVERY_MS)) {
      let reason = 'ended unexpectedly';
      while (!this.#isAlive(name)) {
        const pauseMs = pauses.next();
        this.#options.report(`${name} ${reason}; starting it again in ${pauseMs} ms`);
        if (!(await this.#waited(pauseMs))) return;
        pauses.noteStart();
        const problem = await this.#revive(name);
        if (problem !== undefined) reason = `could not be started again (${problem})`;
      }
    }
  }

  async #revive(name: ServiceName): Promise<string | undefined> {
    try {
      await this.#services.revive(name);
    } catch (error) {
      return (error as Error).message;
    }
    this.#options.report(`✔ ${name} is back`);
    this.#options.onChange();
    return undefined;
  }

  #isAlive(name: ServiceName): boolean {
    const found = this.#services.processes.find((service) => service.name === name);
    return found === undefined || isSameProcessAlive(found.identity);
  }

  /** False when the platform stops meanwhile. */
  async #waited(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
    return !this.#stopping.signal.aborted;
  }
}
