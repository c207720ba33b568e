import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { ActorInterceptor } from './actor.interceptor.js';
import { BearerKeyStrategy } from './bearer-key.strategy.js';
import { Environment } from '#libs/config';
import { RequestLimits } from '../limits/request-limits.js';
import { KeyUseNotes } from './key-use-notes.service.js';
import { OPEN_CONTROLLERS, TenantKeyGuard } from './tenant-key.guard.js';

export interface AuthenticationOptions {
  readonly imports?: DynamicModule['imports'];
  /** Answers `TenantAccess`, and `SessionAccess` where people sign in, with what they need themselves. */
  readonly providers: readonly Provider[];
  /** Routes of these need no key. */
  readonly openControllers: readonly Type[];
}

/** Closes every route of the process, see {@link TenantKeyGuard}. */
@Module({})
export class AuthenticationModule {
  static forRoot({ imports, providers, openControllers }: AuthenticationOptions): DynamicModule {
    return {
      module: AuthenticationModule,
      imports,
      providers: [
        ...providers,
        { provide: OPEN_CONTROLLERS, useValue: openControllers },
        BearerKeyStrategy,
        {
          provide: RequestLimits,
          inject: [Environment],
          useFactory: (environment: Environment) =>
            new RequestLimits({
              keyRequestsPerSecond: environment.KEY_REQUESTS_PER_SECOND,
              tenantRequestsPerDay: environment.TENANT_REQUESTS_PER_DAY,
            }),
        },
        KeyUseNotes,
        { provide: APP_GUARD, useClass: TenantKeyGuard },
        { provide: APP_INTERCEPTOR, useClass: ActorInterceptor },
      ],
      exports: [RequestLimits, KeyUseNotes],
    };
  }
}
