import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyRepository, ApiKeyService } from '#libs/domain';
import { BearerKeyStrategy } from './bearer-key.strategy.js';
import { TenantKeyGuard } from './tenant-key.guard.js';

/** Closes every route of the process, see {@link TenantKeyGuard}. */
@Module({
  providers: [
    {
      provide: ApiKeyService,
      inject: [ApiKeyRepository],
      useFactory: (keys: ApiKeyRepository) => new ApiKeyService(keys),
    },
    BearerKeyStrategy,
    { provide: APP_GUARD, useClass: TenantKeyGuard },
  ],
  exports: [ApiKeyService],
})
export class AuthenticationModule {}
