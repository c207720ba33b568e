import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ImportService, MappingCatalogue } from '#libs/domain';
import {
  FileMappingCatalogue,
  FileRejectedRowStore,
  PostgresImportStore,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';
import { ImportsController } from './imports.controller.js';

@Module({
  controllers: [ImportsController],
  providers: [
    {
      provide: ImportService,
      inject: [TenantDatabase, Environment],
      useFactory: (database: TenantDatabase, { STATE_DIR }: Environment) =>
        new ImportService(
          new TenantFileReader(join(STATE_DIR, 'spool')),
          new PostgresImportStore(database),
          new FileRejectedRowStore(STATE_DIR),
        ),
    },
    { provide: MappingCatalogue, useFactory: () => new FileMappingCatalogue() },
  ],
  exports: [ImportService],
})
export class ImportsModule {}
