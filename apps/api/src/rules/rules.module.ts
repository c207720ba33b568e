import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  ListStore,
  ModelRegistryRepository,
  ModelRegistryService,
  OfferingRepository,
  OfferingService,
} from '#libs/domain';
import { openListStore } from '#libs/persistence';
import { PreviewService } from './preview.service.js';
import { RerankingController } from './reranking.controller.js';
import { RulesController } from './rules.controller.js';

@Module({
  controllers: [RulesController, RerankingController],
  providers: [
    {
      provide: OfferingService,
      inject: [OfferingRepository],
      useFactory: (repository: OfferingRepository) => new OfferingService(repository),
    },
    {
      provide: ListStore,
      inject: [Environment],
      useFactory: (environment: Environment) => openListStore(environment),
    },
    {
      provide: PreviewService,
      inject: [OfferingService, ModelRegistryRepository, ListStore],
      useFactory: (offerings: OfferingService, registry: ModelRegistryRepository, lists: ListStore) =>
        new PreviewService(offerings, new ModelRegistryService(registry), lists),
    },
  ],
})
export class RulesModule {}
