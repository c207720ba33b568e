import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Post, Put, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountLockedError, SessionService, type SignedIn } from '#libs/domain';
import { ApiProblems, CurrentSignedIn, ForSignedIn } from '#libs/http';
import { OpenIdProvider } from './open-id-provider.js';
import { SessionCookie } from './session-cookie.js';
import { ChangePasswordDto, ProvidersDto, SessionDto, SignInDto, toSessionDto } from './session.dto.js';
import { SignInBrake } from './sign-in-brake.js';

@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly cookie: SessionCookie,
    private readonly brake: SignInBrake,
    private readonly provider: OpenIdProvider,
  ) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiTags('session')
  @ApiOperation({ summary: 'Sign in with a password', description: 'The session is in an httpOnly cookie.' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(400, 401, 413, 415, 423, 429, 503)
  async signIn(
    @Body() { email, password }: SignInDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    try {
      const session = await this.brake.pass(request.ip, () => this.sessions.signIn(email, password));
      this.cookie.set(reply, session);
      return toSessionDto(session.signedIn);
    } catch (error) {
      if (error instanceof AccountLockedError) {
        const seconds = Math.max(1, Math.ceil((error.lockedUntil.getTime() - Date.now()) / 1000));
        void reply.header('Retry-After', String(seconds));
      }
      throw error;
    }
  }

  @Get()
  @ForSignedIn('session')
  @ApiOperation({ summary: 'Who is signed in, and where they belong' })
  @ApiOkResponse({ type: SessionDto })
  current(@CurrentSignedIn() signedIn: SignedIn): SessionDto {
    return toSessionDto(signedIn);
  }

  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ForSignedIn('session')
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  @ApiProblems(403)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.signOut(this.cookie.read(request) ?? '');
    this.cookie.clear(reply);
  }

  @Put('password')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ForSignedIn('session')
  @ApiOperation({ summary: 'Another password; ends every other session of this person' })
  @ApiNoContentResponse()
  @ApiProblems(403, 413, 415)
  async changePassword(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() change: ChangePasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const token = this.cookie.read(request) ?? '';
    await this.brake.pass(account.accountId, () => this.sessions.changePassword(token, account, change));
  }

  @Get('providers')
  @ApiTags('session')
  @ApiOperation({ summary: 'Other ways to sign in' })
  @ApiOkResponse({ type: ProvidersDto })
  providers(): ProvidersDto {
    const { name } = this.provider;
    return { providers: name === undefined ? [] : [{ name, startUrl: '/v1/session/oidc' }] };
  }
}
