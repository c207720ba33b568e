import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Environment } from '#libs/config';
import { PointerRefreshService } from './pointer-refresh.service.js';

/**
 * Hears from Redis that pointers have moved, and looks at once. Messages carry nothing that is believed: they are a reason to
 * ask the database. Without Redis the node finds out when it next polls.
 */
@Injectable()
export class PointerAnnouncementsService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(PointerAnnouncementsService.name);
  private redis: Redis | undefined;
  private away = false;

  constructor(
    private readonly refresher: PointerRefreshService,
    private readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    const { REDIS_URL, REDIS_PREFIX } = this.environment;
    if (REDIS_URL === undefined) return;
    this.redis = new Redis(REDIS_URL, {
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(250 * attempt, 5_000),
      connectionName: 'nightshift-serving',
    });
    this.redis.on('error', (error) => this.noteAway(error));
    this.redis.on('ready', () => {
      this.away = false;
      // Whatever was announced while nobody was listening.
      void this.refresher.refresh();
    });
    this.redis.on('message', () => void this.refresher.refresh());
    // Queued until the connection stands, and repeated by the client after every reconnection.
    this.redis.subscribe(`${REDIS_PREFIX}:pointers`).catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private noteAway(error: Error): void {
    if (!this.away) this.logger.warn({ err: error }, 'Redis is away: pointers are polled for.');
    this.away = true;
  }
}
