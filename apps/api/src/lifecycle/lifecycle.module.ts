import { Module } from '@nestjs/common';
import { LifecycleRepository, LifecycleService } from '#libs/domain';
import { LifecycleController } from './lifecycle.controller.js';

@Module({
  controllers: [LifecycleController],
  providers: [
    {
      provide: LifecycleService,
      inject: [LifecycleRepository],
      useFactory: (repository: LifecycleRepository) => new LifecycleService(repository),
    },
  ],
})
export class LifecycleModule {}
