import { Body, Controller, Get, HttpCode, HttpStatus, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { OfferingService, VocabularyReadModel, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { PreviewService } from './preview.service.js';
import { PreviewDto } from './preview.dto.js';
import {
  ChangeRulesDto,
  OfferingChangedDto,
  PreviewRulesDto,
  RulesDto,
  RulesHistoryDto,
} from './rules.dto.js';
import { VocabularyDto } from './vocabulary.dto.js';

@ApiTenantRoutes('rules')
@Controller('v1/tenants/:tenant/rules')
export class RulesController {
  constructor(
    private readonly offerings: OfferingService,
    private readonly previews: PreviewService,
    private readonly words: VocabularyReadModel,
  ) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'What may be offered to whom' })
  @ApiOkResponse({ type: RulesDto })
  async current(@CurrentTenant() tenant: Tenant): Promise<RulesDto> {
    const { rules, rulesVersion: version } = await this.offerings.current(tenant);
    return { version, rules };
  }

  @Put()
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Replace all rules',
    description: 'In effect on every answer within 5 seconds. Who, when and why are recorded.',
  })
  @ApiOkResponse({ type: OfferingChangedDto })
  @ApiProblems(400, 409, 413, 415)
  async change(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() { rules: document, reason, expectedVersion }: ChangeRulesDto,
  ): Promise<OfferingChangedDto> {
    const request = { document, reason, actor, expectedVersion };
    const { version, changedAt } = await this.offerings.change(tenant, 'rules', request);
    return { version, changedAt };
  }

  @Post('preview')
  @HttpCode(HttpStatus.OK)
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'What these rules would do to the lists of real customers',
    description: 'Nothing is saved. Each customer’s answer under the rules of now and under these.',
  })
  @ApiOkResponse({ type: PreviewDto })
  @ApiProblems(400, 409, 413, 415)
  preview(
    @CurrentTenant() tenant: Tenant,
    @Body() { rules, customerIds, sample, count }: PreviewRulesDto,
  ): Promise<PreviewDto> {
    return this.previews.rules(tenant, rules, { customerIds, sample, count });
  }

  @Get('vocabulary')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'What rules can choose by',
    description:
      'The categories, brands, attributes and traits that the tenant’s own products and customers have.',
  })
  @ApiOkResponse({ type: VocabularyDto })
  vocabulary(@CurrentTenant() tenant: Tenant): Promise<VocabularyDto> {
    return this.words.vocabulary(tenant.id);
  }

  @Get('history')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Every version of the rules: who, when and why' })
  @ApiOkResponse({ type: RulesHistoryDto })
  @ApiProblems(400)
  async history(@CurrentTenant() tenant: Tenant, @Query() { limit }: ListQueryDto): Promise<RulesHistoryDto> {
    const changes = await this.offerings.history(tenant, 'rules', limit);
    return {
      changes: changes.map(({ version, changedAt, reason, actor, document: rules }) => ({
        ...{ version, changedAt, reason, actor, rules },
      })),
    };
  }
}
