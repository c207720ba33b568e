import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import { keyAccepts, parseKeyToken, UnavailableError, type ApiKey } from '#libs/domain';
import { PointerTable } from '../pointers/pointer-table.js';

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

/** Checks a key against this node's own table: no database, no other process. */
@Injectable()
export class BearerKeyStrategy extends PassportStrategy(AuthorizationHeaderStrategy, BEARER_KEY) {
  constructor(private readonly table: PointerTable) {
    super();
  }

  /** Passport reads `false` as "not authenticated". @throws UnavailableError before the first table: nobody is wrong yet */
  validate(token: string): ApiKey | false {
    if (!this.table.loaded) throw new UnavailableError('The table of keys', undefined);
    const parsed = parseKeyToken(token);
    const key = parsed === undefined ? undefined : this.table.key(parsed.keyId);
    if (parsed === undefined || key === undefined) return false;
    return keyAccepts(key, parsed.secret, new Date()) ? key : false;
  }
}
