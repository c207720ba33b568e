import { Injectable } from '@nestjs/common';
import { SessionService, type SignedIn } from '#libs/domain';
import { SessionAccess } from '#libs/http';
import { SessionCookie } from './session-cookie.js';

/** Sessions as the database has them at this moment: who was signed out is out at once. */
@Injectable()
export class StoredSessionAccess extends SessionAccess {
  constructor(
    private readonly sessions: SessionService,
    private readonly cookie: SessionCookie,
  ) {
    super();
  }

  override get cookieName(): string {
    return this.cookie.name;
  }

  override authenticate(token: string): Promise<SignedIn | undefined> {
    return this.sessions.authenticate(token);
  }
}
