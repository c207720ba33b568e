import type { FastifyReply, FastifyRequest } from 'fastify';
import type {} from '@fastify/cookie';
import type { Environment } from '#libs/config';
import type { NewSession } from '#libs/domain';

/** Over https the browser itself vouches for where the cookie came from (prefix __Host-). */
export class SessionCookie {
  readonly name: string;
  private readonly secure: boolean;

  constructor({ PUBLIC_URL }: Pick<Environment, 'PUBLIC_URL'>) {
    this.secure = PUBLIC_URL?.startsWith('https:') ?? false;
    this.name = this.secure ? '__Host-ns_session' : 'ns_session';
  }

  read(request: FastifyRequest): string | undefined {
    return request.cookies[this.name];
  }

  set(reply: FastifyReply, { token, signedIn }: NewSession): void {
    void reply.setCookie(this.name, token, { ...this.options, expires: signedIn.expiresAt });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.name, this.options);
  }

  /** `lax`: links into the console work, requests of other sites that change something come without. */
  private get options() {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure } as const;
  }
}
