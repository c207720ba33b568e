import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ImportService, MappingCatalogue } from '#libs/domain';
import {
  type TenantDatabase,
  FileMappingCatalogue,
  openRejectedRowStore,
  PostgresImportStore,
  TenantFileReader,
} from '#libs/persistence';
import { IMPORT_DATABASE } from '../database.module.js';
import { ImportSlots } from './import-slots.js';
import { ImportsController } from './imports.controller.js';

@Module({
  controllers: [ImportsController],
  providers: [
    {
      provide: ImportService,
      inject: [IMPORT_DATABASE, Environment],
      useFactory: (database: TenantDatabase, environment: Environment) =>
        new ImportService(
          new TenantFileReader(join(environment.STATE_DIR, 'spool')),
          new PostgresImportStore(database),
          openRejectedRowStore(environment),
        ),
    },
    ImportSlots,
    { provide: MappingCatalogue, useFactory: () => new FileMappingCatalogue() },
  ],
  exports: [ImportService, ImportSlots],
})
export class ImportsModule {}
