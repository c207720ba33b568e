import { Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ExportFileStore, ListExportRepository, ListExportService } from '#libs/domain';
import { FileExportStore } from '#libs/persistence';
import { ExportsController } from './exports.controller.js';

@Module({
  controllers: [ExportsController],
  providers: [
    {
      provide: ExportFileStore,
      inject: [Environment],
      useFactory: ({ STATE_DIR }: Environment) => new FileExportStore(STATE_DIR),
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
