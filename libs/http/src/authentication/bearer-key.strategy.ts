import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import type { ApiKey } from '#libs/domain';
import { TenantAccess } from './tenant-access.js';

export const BEARER_KEY = 'bearer-key';

/** The `Authorization` header alone: keys in addresses and bodies end up in logs and histories. */
class AuthorizationHeaderStrategy extends Strategy<VerifyFunction> {
  override authenticate(request: { headers: { authorization?: string } }): void {
    const { authorization } = request.headers;
    // The strategy reads nothing else of a request than this.
    super.authenticate({ headers: { authorization } } as Parameters<
      Strategy<VerifyFunction>['authenticate']
    >[0]);
  }
}

@Injectable()
export class BearerKeyStrategy extends PassportStrategy(AuthorizationHeaderStrategy, BEARER_KEY) {
  constructor(private readonly access: TenantAccess) {
    super();
  }

  /** Passport reads `false` as "not authenticated". */
  async validate(token: string): Promise<ApiKey | false> {
    return (await this.access.authenticate(token)) ?? false;
  }
}
