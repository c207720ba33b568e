import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ModelRegistryService, type Tenant } from '#libs/domain';
import { ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { toVerdictDto, VerdictListDto } from './registry.dto.js';

@ApiTenantRoutes('models')
@Controller('v1/tenants/:tenant/verdicts')
export class VerdictsController {
  constructor(private readonly registry: ModelRegistryService) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: "Why each night's model was or was not promoted" })
  @ApiOkResponse({ type: VerdictListDto })
  async list(@CurrentTenant() tenant: Tenant, @Query() { limit }: ListQueryDto): Promise<VerdictListDto> {
    return { verdicts: (await this.registry.verdicts(tenant, limit)).map(toVerdictDto) };
  }
}
