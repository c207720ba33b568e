import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { InsightsDto } from './insights.dto.js';
import { InsightsService } from './insights.service.js';

@ApiTenantRoutes('insights')
@Controller('v1/tenants/:tenant/insights')
export class InsightsController {
  constructor(private readonly insights: InsightsService) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'How demand follows prices, how often customers come back, and who they are',
    description:
      'Found out by the night that made the lists in service. Slopes come from what happened, not from an experiment: whatever moved price and demand together is in them.',
  })
  @ApiOkResponse({ type: InsightsDto })
  @ApiProblems(409)
  current(@CurrentTenant() tenant: Tenant): Promise<InsightsDto> {
    return this.insights.current(tenant);
  }
}
