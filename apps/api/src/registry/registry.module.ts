import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ModelRegistryRepository, ModelRegistryService, PromotionService, RunRepository } from '#libs/domain';
import { openArtifactStore } from '#libs/persistence';
import { ModelsController } from './models.controller.js';
import { VerdictsController } from './verdicts.controller.js';

@Module({
  controllers: [ModelsController, VerdictsController],
  providers: [
    {
      provide: ModelRegistryService,
      inject: [ModelRegistryRepository],
      useFactory: (registry: ModelRegistryRepository) => new ModelRegistryService(registry),
    },
    {
      provide: PromotionService,
      inject: [RunRepository, ModelRegistryRepository, Environment],
      useFactory: (runs: RunRepository, registry: ModelRegistryRepository, environment: Environment) =>
        new PromotionService(runs, registry, openArtifactStore(environment)),
    },
  ],
})
export class RegistryModule {}
