import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ModelRegistryRepository } from '#libs/domain';
import { openListStore } from '#libs/persistence';
import { InsightsController } from './insights.controller.js';
import { InsightsService } from './insights.service.js';

@Module({
  controllers: [InsightsController],
  providers: [
    {
      provide: InsightsService,
      inject: [ModelRegistryRepository, Environment],
      useFactory: (registry: ModelRegistryRepository, environment: Environment) =>
        new InsightsService(registry, openListStore(environment)),
    },
  ],
})
export class InsightsModule {}
