import { Body, Controller, Get, HttpCode, HttpStatus, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { completeReranking, OfferingService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { PreviewService } from './preview.service.js';
import { PreviewDto } from './preview.dto.js';
import {
  ChangeRerankingDto,
  PreviewRerankingDto,
  RerankingChangedDto,
  RerankingDto,
  RerankingHistoryDto,
} from './rules.dto.js';

@ApiTenantRoutes('reranking')
@Controller('v1/tenants/:tenant/reranking')
export class RerankingController {
  constructor(
    private readonly offerings: OfferingService,
    private readonly previews: PreviewService,
  ) {}

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
  @ApiOkResponse({ type: RerankingChangedDto })
  @ApiProblems(400, 409, 413, 415)
  async change(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() { settings: document, reason, expectedVersion }: ChangeRerankingDto,
  ): Promise<RerankingChangedDto> {
    const request = { document, reason, actor, expectedVersion };
    const { version, changedAt } = await this.offerings.change(tenant, 'reranking', request);
    const takesEffect = { computedAnswers: 'withinSeconds', storedLists: 'nextNight' } as const;
    return { version, changedAt, takesEffect };
  }

  @Post('preview')
  @HttpCode(HttpStatus.OK)
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'What these settings would do to the lists of real customers',
    description:
      'Nothing is saved. Each customer’s answer, computed now from the model being served, under the settings of now and under these.',
  })
  @ApiOkResponse({ type: PreviewDto })
  @ApiProblems(400, 409, 413, 415)
  preview(
    @CurrentTenant() tenant: Tenant,
    @Body() { settings, customerIds, sample, count }: PreviewRerankingDto,
  ): Promise<PreviewDto> {
    return this.previews.reranking(tenant, settings, { customerIds, sample, count });
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
