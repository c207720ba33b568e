import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MemberService, NotFoundError, actingAs } from '#libs/domain';
import { ApiProblems } from '#libs/http';
import { AcceptInvitationDto, PresentedInvitationDto } from './member.dto.js';
import { SessionCookie } from './session-cookie.js';
import { SessionDto, toSessionDto } from './session.dto.js';
import { SignInBrake } from './sign-in-brake.js';

const TOKEN = { name: 'token', example: '4HvKc0rZk9Vb1xTn8eQyJm2sLdPwGfUaXo7iRtYzB3E' };
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** Whoever holds the link of an invitation. */
@ApiTags('session')
@Controller('v1/invitations/:token')
export class InvitationsController {
  constructor(
    private readonly members: MemberService,
    private readonly cookie: SessionCookie,
    private readonly brake: SignInBrake,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who is invited where' })
  @ApiParam(TOKEN)
  @ApiOkResponse({ type: PresentedInvitationDto })
  @ApiProblems(404, 429, 503)
  async show(@Param('token') token: string): Promise<PresentedInvitationDto> {
    const { email, tenant, tenantName, role, expiresAt } = await this.members.presented(checked(token));
    return { email, tenant, tenantName, role, expiresAt };
  }

  @Post()
  @ApiOperation({ summary: 'Accept: the first sign-in, or one more tenant for an account' })
  @ApiParam(TOKEN)
  @ApiCreatedResponse({ type: SessionDto })
  @ApiProblems(400, 401, 404, 409, 413, 415, 423, 429, 503)
  async accept(
    @Param('token') token: string,
    @Body() request: AcceptInvitationDto,
    @Req() { ip }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    const { email } = await this.members.presented(checked(token));
    const accept = () => this.members.accept(token, request);
    const session = await this.brake.pass(ip, () => actingAs(`${request.name} <${email}>`, accept));
    this.cookie.set(reply, session);
    return toSessionDto(session.signedIn);
  }
}

function checked(token: string): string {
  if (!TOKEN_PATTERN.test(token)) throw new NotFoundError('invitation', 'of this link');
  return token;
}
