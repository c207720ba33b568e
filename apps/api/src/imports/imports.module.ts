import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ImportPreviewService, ImportService, MappingCatalogue } from '#libs/domain';
import {
  type TenantDatabase,
  FileMappingCatalogue,
  openRejectedRowStore,
  PostgresImportStore,
  TenantFileReader,
} from '#libs/persistence';
import { IMPORT_DATABASE } from '../database.module.js';
import { ImportSlots } from './import-slots.js';
import { ImportPreviewsController } from './import-previews.controller.js';
import { ImportsController } from './imports.controller.js';

@Module({
  controllers: [ImportPreviewsController, ImportsController],
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
    {
      provide: ImportPreviewService,
      inject: [Environment],
      useFactory: ({ STATE_DIR }: Environment) =>
        new ImportPreviewService(new TenantFileReader(join(STATE_DIR, 'spool'))),
    },
    ImportSlots,
    { provide: MappingCatalogue, useFactory: () => new FileMappingCatalogue() },
  ],
  exports: [ImportService, ImportSlots],
})
export class ImportsModule {}
