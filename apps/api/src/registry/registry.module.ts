import { Module } from '@nestjs/common';
import { ModelRegistryRepository, ModelRegistryService } from '#libs/domain';
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
  ],
})
export class RegistryModule {}
