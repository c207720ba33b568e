import { Controller, Get, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NightshiftError, NotFoundError, SessionService } from '#libs/domain';
import { ApiProblems } from '#libs/http';
import { CALLBACK_PATH, OpenIdProvider, type SignInUnderWay } from './open-id-provider.js';
import { SessionCookie } from './session-cookie.js';

const COOKIE = 'ns_sign_in';
const COOKIE_SECONDS = 600;
const COOKIE_OPTIONS = { path: '/v1/session/oidc', httpOnly: true, sameSite: 'lax' } as const;

class StartQueryDto {
  @ApiPropertyOptional({
    example: '/',
    description: 'A path of the console to come back to.',
    maxLength: 500,
  })
  @IsOptional()
  @MaxLength(500)
  returnTo?: string;
}

/** Where browsers go and come back; problems end on the console's own page. */
@ApiTags('session')
@Controller('v1/session/oidc')
export class OpenIdController {
  private readonly logger = new Logger(OpenIdController.name);

  constructor(
    private readonly provider: OpenIdProvider,
    private readonly sessions: SessionService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Sign in with OpenID Connect: sends the browser to the provider' })
  @ApiFoundResponse({ description: 'To the provider.' })
  @ApiProblems(400, 404, 503)
  async start(@Query() { returnTo = '/' }: StartQueryDto, @Res() reply: FastifyReply): Promise<void> {
    if (this.provider.name === undefined) throw new NotFoundError('provider', 'of OpenID Connect');
    const { url, underWay } = await this.provider.start(ownPath(returnTo));
    const value = Buffer.from(JSON.stringify(underWay)).toString('base64url');
    void reply
      .setCookie(COOKIE, value, { ...COOKIE_OPTIONS, maxAge: COOKIE_SECONDS })
      .redirect(url.href, 302);
    await reply;
  }

  @Get('callback')
  @ApiOperation({ summary: 'Where the provider sends the browser back to' })
  @ApiFoundResponse({ description: 'Into the console, signed in; or to its sign-in page with `problem`.' })
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    void reply.clearCookie(COOKIE, COOKIE_OPTIONS);
    try {
      const underWay = readUnderWay(request.cookies[COOKIE]);
      const query = request.url.slice(CALLBACK_PATH.length + 1);
      const { identity, verifiedEmail } = await this.provider.finish(query, underWay);
      this.cookie.set(reply, await this.sessions.signInAs(identity, verifiedEmail));
      void reply.redirect(underWay.returnTo, 302);
    } catch (error) {
      const code = error instanceof NightshiftError ? error.code : 'internal';
      this.logger.warn({ err: error, code }, 'A sign-in by OpenID Connect failed.');
      void reply.redirect(`/sign-in?problem=${code}`, 302);
    }
    await reply;
  }
}

/** Never to another origin: `//elsewhere` and `/\elsewhere` are other hosts to a browser. */
function ownPath(path: string): string {
  return /^\/(?![/\\])[^\u0000-\u001f\\]*$/.test(path) ? path : '/';
}

function readUnderWay(cookie: string | undefined): SignInUnderWay {
  try {
    const value = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()) as SignInUnderWay;
    const { verifier, state, nonce, returnTo } = value;
    if ([verifier, state, nonce, returnTo].every((each) => typeof each === 'string'))
      return { verifier, state, nonce, returnTo: ownPath(returnTo) };
  } catch {
    // As without one.
  }
  throw new NightshiftError('unauthorized', 'signInExpired', 'The sign-in took too long; start again.');
}
