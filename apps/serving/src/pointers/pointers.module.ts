import { Global, Module } from '@nestjs/common';
import { Environment } from '#libs/config';
import { ErasedCustomersService } from '../erasures/erased-customers.service.js';
import { OfferingFiles } from '../offerings/offering-files.js';
import { OfferingsService } from '../offerings/offerings.service.js';
import { ListCopiesService } from '../lists/list-copies.service.js';
import { OpenListsService } from '../lists/open-lists.service.js';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerAnnouncementsService } from './pointer-announcements.service.js';
import { PointerFile } from './pointer-file.js';
import { PointerRefreshService } from './pointer-refresh.service.js';
import { PointerTable } from './pointer-table.js';

/** What this node knows: the table, what keeps it fresh, and the list files that it points at. */
@Global()
@Module({
  providers: [
    {
      provide: PointerFile,
      inject: [Environment],
      useFactory: (environment: Environment) => new PointerFile(environment.STATE_DIR),
    },
    {
      provide: OfferingFiles,
      inject: [Environment],
      useFactory: (environment: Environment) => new OfferingFiles(environment.STATE_DIR),
    },
    OfferingsService,
    PointerTable,
    ServingMetrics,
    OpenListsService,
    ListCopiesService,
    ErasedCustomersService,
    PointerRefreshService,
    PointerAnnouncementsService,
  ],
  exports: [OfferingsService, PointerTable, ServingMetrics, OpenListsService, PointerRefreshService],
})
export class PointersModule {}
