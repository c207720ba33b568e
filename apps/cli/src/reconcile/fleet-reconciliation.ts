import type { Environment } from '#libs/config';
import type { ReconcileReport, Tenant } from '#libs/domain';
import { compareQueues, openQueues, type QueueComparison } from '#libs/jobs';
import {
  reconcileFleet,
  type FleetReconcilePorts,
  type NightPorts,
  type ReconcileOptions,
} from '#libs/pipeline';
import { createExecutor } from '#libs/threads';

/** What the stores and the database bring; queues and threads are opened for as long as the work lasts. */
export interface StoredPorts extends Omit<FleetReconcilePorts, 'compareQueues' | 'night'> {
  readonly night: Omit<NightPorts, 'executor'>;
  readonly queues: Omit<QueueComparison, 'queues' | 'publisher'>;
}

export class FleetReconciliation {
  constructor(
    private readonly environment: Environment,
    private readonly ports: StoredPorts,
  ) {}

  async run(
    options: ReconcileOptions & { readonly threads: number },
    only: Tenant | undefined,
    onTenant: (done: number, of: number) => void,
  ): Promise<ReconcileReport> {
    const executor = createExecutor(options.threads);
    const night = { ...this.ports.night, executor };
    const compare = (repair: boolean) => this.compare(repair);
    try {
      return await reconcileFleet({ ...this.ports, night, compareQueues: compare }, options, only, onTenant);
    } finally {
      await executor.close();
    }
  }

  private async compare(repair: boolean) {
    const { queues, publisher, close } = openQueues(this.environment);
    try {
      return await compareQueues({ ...this.ports.queues, queues, publisher }, repair);
    } finally {
      await close();
    }
  }
}
