import { Piscina } from 'piscina';
import type { Executor } from '#libs/algorithms';

/** Runs kernel tasks on a pool of threads, so that the main thread stays free to renew its leases. */
export class ThreadPoolExecutor implements Executor {
  private readonly pool: Piscina;

  constructor(readonly threads: number) {
    this.pool = new Piscina({
      filename: new URL('./kernel-thread.js', import.meta.url).href,
      name: 'runKernel',
      minThreads: threads,
      maxThreads: threads,
    });
  }

  map: Executor['map'] = (task, inputs) => Promise.all(inputs.map((input) => this.pool.run({ task, input })));

  close(): Promise<void> {
    return this.pool.close({ force: true });
  }
}
