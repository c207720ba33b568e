import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { LifecycleService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import {
  ChangeLifecycleDto,
  LifecycleChangedDto,
  LifecycleDto,
  LifecycleHistoryDto,
} from './lifecycle.dto.js';

@ApiTenantRoutes('lifecycle')
@Controller('v1/tenants/:tenant/lifecycle')
export class LifecycleController {
  constructor(private readonly lifecycle: LifecycleService) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Whether the recommender is on, frozen or off' })
  @ApiOkResponse({ type: LifecycleDto })
  current(@CurrentTenant() tenant: Tenant): LifecycleDto {
    return { state: tenant.state, changedAt: tenant.stateChangedAt };
  }

  @Put()
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Switch on, freeze or switch off',
    description:
      'In effect on every endpoint within 5 seconds. Needs no approval; who, when and why are recorded.',
  })
  @ApiOkResponse({ type: LifecycleChangedDto })
  @ApiProblems(413, 415)
  change(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() { state, reason }: ChangeLifecycleDto,
  ): Promise<LifecycleChangedDto> {
    return this.lifecycle.change(tenant, { state, reason, actor });
  }

  @Get('history')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Who changed the state, when and why' })
  @ApiOkResponse({ type: LifecycleHistoryDto })
  async history(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit }: ListQueryDto,
  ): Promise<LifecycleHistoryDto> {
    return { changes: await this.lifecycle.history(tenant, limit) };
  }
}
