import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ListReader, RerankingOverrides, ServedTenant, TenantId } from '#libs/domain';
import { LiveLists } from '#libs/serving';

/** Models and catalogues that are open for requests with news. */
const MAXIMUM_BYTES = 512 << 20;
/** Maps and scratch memory beside the file's parts. */
const OVERHEAD_BYTES = 1 << 20;

interface OpenLive {
  readonly reader: ListReader;
  readonly reranking: RerankingOverrides;
  /** Undefined where the file has no parts, or they cannot be used. */
  readonly live: LiveLists | undefined;
}

const NO_OVERRIDES: RerankingOverrides = {};

/** Opened at the first request with news, from the list file that is being served, and again when that moves. */
@Injectable()
export class OpenLiveLists {
  private readonly logger = new Logger(OpenLiveLists.name);
  private readonly open = new LRUCache<TenantId, OpenLive>({
    maxSize: MAXIMUM_BYTES,
    maxEntrySize: MAXIMUM_BYTES,
    sizeCalculation: ({ live }) => OVERHEAD_BYTES + (live?.bytes ?? 0),
  });

  /** Undefined: only the stored lists can answer. */
  of(
    tenant: ServedTenant,
    reader: ListReader,
    reranking: RerankingOverrides = NO_OVERRIDES,
  ): LiveLists | undefined {
    const known = this.open.get(tenant.tenantId);
    if (known?.reader === reader && known.reranking === reranking) return known.live;
    const live = this.tryOpen(tenant, reader, reranking);
    this.open.set(tenant.tenantId, { reader, reranking, live });
    return live;
  }

  private tryOpen(
    tenant: ServedTenant,
    reader: ListReader,
    reranking: RerankingOverrides,
  ): LiveLists | undefined {
    try {
      return LiveLists.open(reader, reranking);
    } catch (error) {
      this.logger.error(
        { err: error, tenant: tenant.slug },
        'Model or catalogue in a list file cannot be used: requests are answered from the lists.',
      );
      return undefined;
    }
  }
}
