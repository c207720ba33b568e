import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { completeReranking, OfferingService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { ChangeRerankingDto, OfferingChangedDto, RerankingDto, RerankingHistoryDto } from './rules.dto.js';

@ApiTenantRoutes('reranking')
@Controller('v1/tenants/:tenant/reranking')
export class RerankingController {
  constructor(private readonly offerings: OfferingService) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'How candidates become lists' })
  @ApiOkResponse({ type: RerankingDto })
  async current(@CurrentTenant() tenant: Tenant): Promise<RerankingDto> {
    const { reranking: settings, rerankingVersion: version } = await this.offerings.current(tenant);
    return { version, settings, effective: completeReranking(settings) };
  }

  @Put()
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Replace the settings of re-ranking',
    description:
      'Holds for what is computed in a request within 5 seconds, and for stored lists from the next night on. Who, when and why are recorded.',
  })
  @ApiOkResponse({ type: OfferingChangedDto })
  @ApiProblems(400, 409, 413, 415)
  async change(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() { settings: document, reason, expectedVersion }: ChangeRerankingDto,
  ): Promise<OfferingChangedDto> {
    const request = { document, reason, actor, expectedVersion };
    const { version, changedAt } = await this.offerings.change(tenant, 'reranking', request);
    return { version, changedAt };
  }

  @Get('history')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Every version of the settings: who, when and why' })
  @ApiOkResponse({ type: RerankingHistoryDto })
  @ApiProblems(400)
  async history(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit }: ListQueryDto,
  ): Promise<RerankingHistoryDto> {
    const changes = await this.offerings.history(tenant, 'reranking', limit);
    return {
      changes: changes.map(({ version, changedAt, reason, actor, document: settings }) => ({
        ...{ version, changedAt, reason, actor, settings },
      })),
    };
  }
}
