import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  CustomerExportService,
  ErasureRepository,
  ErasureService,
  ModelRegistryRepository,
  StoredRowSource,
} from '#libs/domain';
import { FileErasureFiles, LmdbListStore } from '#libs/persistence';
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
      useFactory: (rows: StoredRowSource, registry: ModelRegistryRepository, { STATE_DIR }: Environment) =>
        new CustomerExportService(
          rows,
          registry,
          new LmdbListStore(STATE_DIR),
          new FileErasureFiles(STATE_DIR),
        ),
    },
  ],
})
export class ErasuresModule {}
