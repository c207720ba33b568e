import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  CustomerExportService,
  ErasureRepository,
  ErasureService,
  ModelRegistryRepository,
  StoredRowSource,
} from '#libs/domain';
import { openErasureFiles, openListStore } from '#libs/persistence';
import { CustomersController } from './customers.controller.js';
import { ErasuresController } from './erasures.controller.js';

@Module({
  controllers: [CustomersController, ErasuresController],
  providers: [
    {
      provide: ErasureService,
      inject: [ErasureRepository],
      useFactory: (repository: ErasureRepository) => new ErasureService(repository),
    },
    {
      provide: CustomerExportService,
      inject: [StoredRowSource, ModelRegistryRepository, Environment],
      useFactory: (rows: StoredRowSource, registry: ModelRegistryRepository, environment: Environment) =>
        new CustomerExportService(rows, registry, openListStore(environment), openErasureFiles(environment)),
    },
  ],
})
export class ErasuresModule {}
