import { Counter, Histogram } from 'prom-client';
import type { StageName } from '#libs/domain';
import type { MetricsRegistry } from '#libs/telemetry';
import type { RunTally } from './run-tally.js';

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];

/** How the night goes, without a label per tenant: 4,000 tenants would be 4,000 series each. */
export class RunMetrics implements RunTally {
  private readonly runs: Counter;
  private readonly stages: Histogram;
  private readonly kernels: Counter;

  constructor(registry: MetricsRegistry) {
    this.runs = new Counter({
      name: 'nightshift_runs_total',
      help: 'Runs that ended, by how.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.stages = new Histogram({
      name: 'nightshift_stage_seconds',
      help: 'Time of a stage.',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers: [registry],
    });
    this.kernels = new Counter({
      name: 'nightshift_kernel_cpu_seconds_total',
      help: 'CPU time of threads inside the numerics, by task.',
      labelNames: ['task'],
      registers: [registry],
    });
  }

  countKernel(task: string, seconds: number): void {
    this.kernels.labels(task).inc(seconds);
  }

  countRun(outcome: string): void {
    this.runs.labels(outcome).inc();
  }

  observeStage(stage: StageName, seconds: number): void {
    this.stages.labels(stage).observe(seconds);
  }
}
