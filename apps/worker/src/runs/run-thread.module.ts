import { Module, type DynamicModule } from '@nestjs/common';
import { InlineExecutor } from '#libs/pipeline';
import { ConfigModule, Environment } from '#libs/config';
import { LoggingModule } from '#libs/telemetry';
import { ThreadPoolExecutor } from '#libs/threads';
import { DatabaseModule } from '../database.module.js';
import { measureThread, threadCpuSeconds } from './measure-thread.js';
import { NUMERICS, RUN_PROVIDERS, RUN_TALLY, WORKER_ID, type Numerics } from './night-ports.js';
import { RunExecution } from './run-execution.js';
import { NotedTally } from './run-tally.js';
import { StopSignal } from './stop-signal.js';

/** The kernel threads count for themselves, and this one for what it does between them. */
function numericsWith(kernelThreads: number, tally: NotedTally): Numerics {
  const measure = measureThread((part, seconds) => tally.countKernel(part, seconds));
  if (kernelThreads === 0) return { executor: new InlineExecutor(), measure, cpuSeconds: threadCpuSeconds };
  const executor = new ThreadPoolExecutor(kernelThreads, (task, seconds) => tally.countKernel(task, seconds));
  return { executor, measure, cpuSeconds: () => threadCpuSeconds() + executor.cpuSeconds };
}

/** What a thread for whole runs holds: connections of its own, and numerics, on it or on threads of its own. */
@Module({})
export class RunThreadModule {
  static forThread(workerId: string, stop: StopSignal, kernelThreads: number): DynamicModule {
    return {
      module: RunThreadModule,
      imports: [
        ConfigModule,
        LoggingModule.forRootAsync({
          inject: [Environment],
          useFactory: (environment: Environment) => ({ service: 'worker', level: environment.LOG_LEVEL }),
        }),
        DatabaseModule,
      ],
      providers: [
        { provide: WORKER_ID, useValue: workerId },
        { provide: StopSignal, useValue: stop },
        { provide: NotedTally, useFactory: () => new NotedTally() },
        { provide: RUN_TALLY, useExisting: NotedTally },
        {
          provide: NUMERICS,
          inject: [NotedTally],
          useFactory: (tally: NotedTally) => numericsWith(kernelThreads, tally),
        },
        ...RUN_PROVIDERS,
      ],
      exports: [RunExecution, NotedTally],
    };
  }
}
