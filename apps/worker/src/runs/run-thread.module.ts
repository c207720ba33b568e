import { Module, type DynamicModule } from '@nestjs/common';
import { InlineExecutor } from '#libs/pipeline';
import { ConfigModule, Environment } from '#libs/config';
import { LoggingModule } from '#libs/telemetry';
import { DatabaseModule } from '../database.module.js';
import { measureThread, threadCpuSeconds } from './measure-thread.js';
import { NUMERICS, RUN_PROVIDERS, RUN_TALLY, WORKER_ID, type Numerics } from './night-ports.js';
import { RunExecution } from './run-execution.js';
import { NotedTally } from './run-tally.js';
import { StopSignal } from './stop-signal.js';

/** What a thread for whole runs holds: connections of its own, and numerics that stay on it. */
@Module({})
export class RunThreadModule {
  static forThread(workerId: string, stop: StopSignal): DynamicModule {
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
          useFactory: (tally: NotedTally): Numerics => ({
            executor: new InlineExecutor(),
            measure: measureThread((part, seconds) => tally.countKernel(part, seconds)),
            cpuSeconds: threadCpuSeconds,
          }),
        },
        ...RUN_PROVIDERS,
      ],
      exports: [RunExecution, NotedTally],
    };
  }
}
