import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  CustomerReadModel,
  ModelRegistryRepository,
  OfferingRepository,
  OfferingService,
} from '#libs/domain';
import { openListStore } from '#libs/persistence';
import { CustomersController } from './customers.controller.js';
import { ExplanationService } from './explanation.service.js';

@Module({
  controllers: [CustomersController],
  providers: [
    {
      provide: ExplanationService,
      inject: [CustomerReadModel, OfferingRepository, ModelRegistryRepository, Environment],
      useFactory: (
        customers: CustomerReadModel,
        offerings: OfferingRepository,
        registry: ModelRegistryRepository,
        environment: Environment,
      ) =>
        new ExplanationService(
          customers,
          new OfferingService(offerings),
          registry,
          openListStore(environment),
        ),
    },
  ],
})
export class CustomersModule {}
