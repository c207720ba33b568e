import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import {
  ModelRegistryRepository,
  ModelRegistryService,
  NotFoundError,
  PromotionService,
  type Tenant,
} from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import type { FastifyReply } from 'fastify';
import { RequestedRunDto, toRunSummaryDto } from '../runs/run.dto.js';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import {
  ModelVersionDto,
  ModelVersionListDto,
  PromoteDto,
  RegistryHistoryDto,
  RollBackDto,
  ServingPointerDto,
  toModelVersionDto,
  toRegistryChangeDto,
  toServingPointerDto,
} from './registry.dto.js';

const VERSION_PATTERN = /^[1-9]\d{0,8}$/;

@ApiTenantRoutes('models')
@Controller('v1/tenants/:tenant/models')
export class ModelsController {
  constructor(
    private readonly registry: ModelRegistryService,
    private readonly versions: ModelRegistryRepository,
    private readonly promotions: PromotionService,
  ) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: "The tenant's model versions" })
  @ApiOkResponse({ type: ModelVersionListDto })
  async list(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit }: ListQueryDto,
  ): Promise<ModelVersionListDto> {
    const [models, pointer, promotion] = await Promise.all([
      this.registry.list(tenant, limit),
      this.registry.pointer(tenant),
      this.promotions.unfinished(tenant),
    ]);
    return { models: models.map((model) => toModelVersionDto(model, pointer?.modelVersion, promotion)) };
  }

  @Get('history')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Which version people chose to serve, who, when and why' })
  @ApiOkResponse({ type: RegistryHistoryDto })
  async history(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit }: ListQueryDto,
  ): Promise<RegistryHistoryDto> {
    return { changes: (await this.registry.history(tenant, limit)).map(toRegistryChangeDto) };
  }

  @Get(':version')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'One model version with its parameters and metrics' })
  @ApiParam({ name: 'version', type: 'integer', example: 3 })
  @ApiOkResponse({ type: ModelVersionDto })
  async get(@CurrentTenant() tenant: Tenant, @Param('version') text: string): Promise<ModelVersionDto> {
    const version = versionOf(text);
    const model = await this.versions.find(tenant.id, version);
    if (model === undefined) throw new NotFoundError('model version', text);
    const pointer = await this.registry.pointer(tenant);
    return toModelVersionDto(model, pointer?.modelVersion, await this.promotions.unfinished(tenant));
  }

  @Post(':version/promotion')
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Put a version into service that has no lists, such as a challenger that lost',
    description:
      'Starts a run that trains nothing, ranks everybody with this version and publishes: the endpoint answers from it when that has ended, and as before until then. Asked twice, the second joins the first (200). Whoever rolls back, freezes or switches off meanwhile has the last word.',
  })
  @ApiParam({ name: 'version', type: 'integer', example: 4 })
  @ApiAcceptedResponse({ type: RequestedRunDto, description: 'The run was put into the queue.' })
  @ApiOkResponse({ type: RequestedRunDto, description: 'A run that does so was joined.' })
  @ApiProblems(409, 413, 415)
  async promote(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Param('version') text: string,
    @Body() { reason }: PromoteDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedRunDto> {
    const version = versionOf(text);
    const { run, joined } = await this.promotions.promote(tenant, { version, reason, actor });
    void reply.code(joined ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return { ...toRunSummaryDto(run), joined };
  }

  @Post(':version/rollback')
  @HttpCode(HttpStatus.OK)
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Serve this version again, from the lists it had',
    description:
      'Nothing is trained. Also the way forward again: the versions that served last can be chosen (the newest seven).',
  })
  @ApiParam({ name: 'version', type: 'integer', example: 2 })
  @ApiOkResponse({ type: ServingPointerDto })
  @ApiProblems(409, 413, 415)
  async rollBack(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Param('version') text: string,
    @Body() { reason }: RollBackDto,
  ): Promise<ServingPointerDto> {
    const version = versionOf(text);
    return toServingPointerDto(await this.registry.rollBack(tenant, { version, reason, actor }));
  }
}

/** @throws NotFoundError: what cannot be a version's number is the name of no version */
function versionOf(text: string): number {
  if (!VERSION_PATTERN.test(text)) throw new NotFoundError('model version', text);
  return Number(text);
}
