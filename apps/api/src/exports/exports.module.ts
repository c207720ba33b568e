import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ExportFileStore, ListExportRepository, ListExportService } from '#libs/domain';
import { openExportStore } from '#libs/persistence';
import { ExportsController } from './exports.controller.js';

@Module({
  controllers: [ExportsController],
  providers: [
    {
      provide: ExportFileStore,
      inject: [Environment],
      useFactory: (environment: Environment) => openExportStore(environment),
    },
    {
      provide: ListExportService,
      inject: [ListExportRepository, ExportFileStore],
      useFactory: (exports: ListExportRepository, files: ExportFileStore) =>
        new ListExportService(exports, files),
    },
  ],
})
export class ExportsModule {}
