import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NightshiftError, type Tenant } from '#libs/domain';
import { ApiTenantRoutes, CurrentTenant, RequireScope, type AuthenticatedRequest } from '#libs/http';
import { SessionCookie } from '../accounts/session-cookie.js';
import { EventStreams } from './event-streams.js';

@ApiTenantRoutes('tenant')
@Controller('v1/tenants/:tenant/events')
export class EventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'What changes, as it does: a stream of server-sent events for people who are signed in',
    description:
      'Each event `changed` names a topic (`run`, `verdict`, `state`, `model`, `rules`, `import`, `settings`), or `gap` where something may have been missed: a reason to ask again, nothing more. Ends with the session or the role; at most 8 of a person. Keys are refused: programs ask.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  watch(
    @CurrentTenant() tenant: Tenant,
    @Req() request: AuthenticatedRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { signedIn } = request;
    const { cookies = {} } = request as { cookies?: Record<string, string | undefined> };
    const token = cookies[this.cookie.name];
    if (signedIn === undefined || token === undefined)
      throw new NightshiftError('unauthorized', 'sessionRequired', 'This stream is for people: sign in.');
    const { accountId } = signedIn.account;
    this.streams.admit(accountId);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      // The stream's end is the connection's: a server that stops waits for those that are kept alive.
      Connection: 'close',
      // nginx and its like must not gather it.
      'X-Accel-Buffering': 'no',
    });
    this.streams.start(reply.raw, { tenantId: tenant.id, accountId, token });
  }
}
