import { Module } from '@nestjs/common';
import { RunRepository, RunService } from '#libs/domain';
import { RunsController } from './runs.controller.js';

@Module({
  controllers: [RunsController],
  providers: [
    {
      provide: RunService,
      inject: [RunRepository],
      useFactory: (runs: RunRepository) => new RunService(runs),
    },
  ],
})
export class RunsModule {}
