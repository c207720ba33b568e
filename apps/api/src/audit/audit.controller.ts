import { once } from 'node:events';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditRepository, verifyAuditTrail, type Tenant } from '#libs/domain';
import { ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import {
  AuditPageDto,
  AuditQueryDto,
  AuditVerificationDto,
  toAuditedChangeDto,
  toVerificationDto,
} from './audit.dto.js';

@ApiTenantRoutes('audit')
@RequireScope('read', 'admin')
@Controller('v1/tenants/:tenant/audit')
export class AuditController {
  constructor(private readonly trail: AuditRepository) {}

  @Get()
  @ApiOperation({ summary: 'What was changed, by whom, when and why' })
  @ApiOkResponse({ type: AuditPageDto })
  async page(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit, before }: AuditQueryDto,
  ): Promise<AuditPageDto> {
    return { entries: (await this.trail.page(tenant.id, limit, before)).map(toAuditedChangeDto) };
  }

  @Get('verification')
  @ApiOperation({ summary: 'Follow the chain of hashes from the first entry to the last' })
  @ApiOkResponse({ type: AuditVerificationDto })
  async verify(@CurrentTenant() tenant: Tenant): Promise<AuditVerificationDto> {
    return toVerificationDto(await this.trail.read(tenant.id, verifyAuditTrail));
  }

  @Get('export')
  @ApiOperation({
    summary: 'All entries as they were hashed, oldest first',
    description:
      'Lines of JSON. `sha256` is the SHA-256 of `previousSha256`, a line feed and `content` to the letter, so that anybody can follow the chain.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(@CurrentTenant() tenant: Tenant, @Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': `attachment; filename="audit-${tenant.slug}.ndjson"`,
    });
    try {
      await this.trail.read(tenant.id, async (_, entries) => {
        for await (const entry of entries)
          if (!raw.write(`${JSON.stringify(entry)}\n`))
            await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
      });
      raw.end();
    } catch {
      raw.destroy(); // the caller must not take half of it for the whole
    }
  }
}
