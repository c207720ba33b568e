import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import {
  BulkActionService,
  FleetReadModel,
  isTenantSlug,
  judgeTenants,
  nameOfActor,
  NotFoundError,
  OnboardingService,
  OperatorVisitService,
  selectTenants,
  sortTenants,
  TenantRepository,
  type SignedIn,
} from '#libs/domain';
import { ApiProblems, CurrentSignedIn, ForOperators } from '#libs/http';
import {
  BulkPreviewDto,
  BulkResultDto,
  ExecuteBulkDto,
  OnboardDto,
  OnboardingReportDto,
  PreviewBulkDto,
  toBulkResultDto,
  toOnboardingReportDto,
} from './fleet-actions.dto.js';
import { FleetTenantDto, toFleetTenantDto } from './fleet-tenant.dto.js';
import {
  countTroubles,
  FleetTenantsDto,
  FleetTenantsQueryDto,
  toFilter,
  toFleetColumns,
} from './fleet-tenants.dto.js';

const VISITS_SHOWN = 20;

@ForOperators('fleet')
@Controller('v1/fleet')
export class FleetTenantsController {
  constructor(
    private readonly fleet: FleetReadModel,
    private readonly bulk: BulkActionService,
    private readonly onboarding: OnboardingService,
    private readonly directory: TenantRepository,
    private readonly visits: OperatorVisitService,
  ) {}

  @Get('tenants')
  @ApiOperation({
    summary: 'All tenants in columns: state, last night, accuracy, what is wrong, what it costs',
  })
  @ApiOkResponse({ type: FleetTenantsDto })
  async tenants(@Query() query: FleetTenantsQueryDto): Promise<FleetTenantsDto> {
    const now = new Date();
    const all = judgeTenants(await this.fleet.tenants(now), now);
    const { trouble, ...others } = toFilter(query);
    const rest = selectTenants(all, others);
    const matching = trouble === undefined ? rest : selectTenants(rest, { trouble });
    const sorted = sortTenants(matching, query.sort, query.order === 'desc');
    return {
      ...{ total: all.length, matching: matching.length, troubled: countTroubles(rest) },
      columns: toFleetColumns(sorted.slice(query.offset, query.offset + query.limit)),
    };
  }

  @Get('tenants/:tenant')
  @ApiOperation({
    summary:
      'One tenant: what is wrong, its states and templates so far, and who of the operators was inside',
    description: 'Its nights, with what each has cost: `GET /v1/fleet/runs?tenant=`.',
  })
  @ApiParam({ name: 'tenant', example: 'green-grocer' })
  @ApiOkResponse({ type: FleetTenantDto })
  @ApiProblems(404)
  async tenant(@Param('tenant') slug: string): Promise<FleetTenantDto> {
    if (!isTenantSlug(slug)) throw new NotFoundError('tenant', slug.slice(0, 100));
    const now = new Date();
    const [record, tenant] = await Promise.all([
      this.fleet.tenant(slug, now),
      this.directory.findBySlug(slug),
    ]);
    if (record === undefined || tenant === undefined) throw new NotFoundError('tenant', slug);
    return toFleetTenantDto(record, await this.visits.list(tenant, VISITS_SHOWN), now);
  }

  @Post('bulk-actions/previews')
  @ApiOperation({
    summary: 'Count the tenants that an action over a filter would change',
    description:
      'The token stands for exactly these tenants, ten minutes long; if they are others by then, nothing is done.',
  })
  @ApiCreatedResponse({ type: BulkPreviewDto })
  @ApiProblems(413, 415)
  preview(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() { action, filter }: PreviewBulkDto,
  ): Promise<BulkPreviewDto> {
    return this.bulk.preview(action, toFilter(filter), nameOfActor(account));
  }

  @Post('bulk-actions')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Do what was counted: the number is said again, with a reason' })
  @ApiOkResponse({ type: BulkResultDto })
  @ApiProblems(409, 413, 415)
  async execute(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() { token, count, reason }: ExecuteBulkDto,
  ): Promise<BulkResultDto> {
    return toBulkResultDto(await this.bulk.execute({ token, count, reason, actor: nameOfActor(account) }));
  }

  @Post('onboarding')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Tenants from a file',
    description:
      'CSV with the columns slug, name, timeZone, currency and, if you like, adminEmail, who gets an invitation. Good rows become tenants, ' +
      'each bad one comes back with row, field and reason; sent twice it counts once.',
  })
  @ApiOkResponse({ type: OnboardingReportDto })
  @ApiProblems(413, 415)
  async onboard(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() { csv, dryRun }: OnboardDto,
  ): Promise<OnboardingReportDto> {
    return toOnboardingReportDto(await this.onboarding.onboard(csv, nameOfActor(account), dryRun));
  }
}
