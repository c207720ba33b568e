import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Environment } from '#libs/config';
import { TenantSummaryReadModel, type Tenant } from '#libs/domain';
import { ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { toTenantSummaryDto, TenantSummaryDto } from './tenant-summary.dto.js';

@ApiTenantRoutes('tenant')
@Controller('v1/tenants/:tenant')
export class TenantsController {
  private readonly dataPlane: string;

  constructor(
    private readonly summaries: TenantSummaryReadModel,
    { SERVING_PUBLIC_URL, HOST, SERVING_PORT }: Environment,
  ) {
    this.dataPlane = (SERVING_PUBLIC_URL ?? `http://${HOST}:${SERVING_PORT}`).replace(/\/+$/, '');
  }

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'The tenant at a glance: state, data and what is served' })
  @ApiOkResponse({ type: TenantSummaryDto })
  async summary(@CurrentTenant() tenant: Tenant): Promise<TenantSummaryDto> {
    return toTenantSummaryDto(tenant, await this.summaries.summarise(tenant.id), this.dataPlane);
  }
}
