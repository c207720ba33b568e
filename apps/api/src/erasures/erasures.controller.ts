import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ErasureService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { EraseTenantDto, ErasureDto, ErasureListDto, toErasureDto } from './erasure.dto.js';

@ApiTenantRoutes('erasures')
@RequireScope('admin')
@Controller('v1/tenants/:tenant/erasures')
export class ErasuresController {
  constructor(private readonly erasures: ErasureService) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    summary: 'Forget the whole tenant',
    description: `Every key is revoked with this answer, the one that asked included: the receipt stays with the platform, under
the id in this answer.`,
  })
  @ApiAcceptedResponse({ type: ErasureDto })
  @ApiProblems(400, 413, 415)
  async eraseTenant(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() { confirm }: EraseTenantDto,
  ): Promise<ErasureDto> {
    return toErasureDto(await this.erasures.requestTenant(tenant, confirm, actor));
  }

  @Get()
  @ApiOperation({ summary: 'The newest erasures; never an id of a customer' })
  @ApiOkResponse({ type: ErasureListDto })
  @ApiProblems(400)
  async list(@CurrentTenant() tenant: Tenant, @Query() { limit }: ListQueryDto): Promise<ErasureListDto> {
    return { erasures: (await this.erasures.list(tenant, limit)).map(toErasureDto) };
  }

  @Get(':erasureId')
  @ApiParam({ name: 'erasureId', format: 'uuid' })
  @ApiOperation({ summary: 'How an erasure stands, and its receipt' })
  @ApiOkResponse({ type: ErasureDto })
  async get(@CurrentTenant() tenant: Tenant, @Param('erasureId') erasureId: string): Promise<ErasureDto> {
    return toErasureDto(await this.erasures.get(tenant, erasureId));
  }
}
