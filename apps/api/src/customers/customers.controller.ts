import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { CustomerReadModel, NotFoundError, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, OpenToMembers, RequireScope } from '#libs/http';
import {
  CustomerDetailDto,
  CustomerExplanationDto,
  CustomerListDto,
  CustomersQueryDto,
  ExplainCustomerDto,
  toCustomerDetailDto,
  toCustomerDto,
} from './customer.dto.js';
import { ExplanationService } from './explanation.service.js';

const CUSTOMER_ID = { name: 'customerId', example: 'customer-1' };
const MOST_SHOWN = 100;

/** Single customers, for people who look; a key that only serves a shop need not read them. */
@ApiTenantRoutes('customers')
@RequireScope('data', 'admin')
@OpenToMembers()
@Controller('v1/tenants/:tenant/customers')
export class CustomersController {
  constructor(
    private readonly customers: CustomerReadModel,
    private readonly explanations: ExplanationService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Customers whose id begins so' })
  @ApiOkResponse({ type: CustomerListDto })
  @ApiProblems(400)
  async search(
    @CurrentTenant() tenant: Tenant,
    @Query() { search = '', limit }: CustomersQueryDto,
  ): Promise<CustomerListDto> {
    const found = await this.customers.search(tenant.id, search.trim(), limit);
    return { customers: found.map(toCustomerDto) };
  }

  @Get(':customerId')
  @ApiParam(CUSTOMER_ID)
  @ApiOperation({ summary: 'One customer: who it is, and what was done' })
  @ApiOkResponse({ type: CustomerDetailDto })
  async get(
    @CurrentTenant() tenant: Tenant,
    @Param('customerId') customerId: string,
  ): Promise<CustomerDetailDto> {
    const detail = await this.customers.find(tenant.id, customerId);
    if (detail === undefined) throw new NotFoundError('customer', customerId.slice(0, MOST_SHOWN));
    return toCustomerDetailDto(detail);
  }

  @Post(':customerId/explanation')
  @HttpCode(HttpStatus.OK)
  @ApiParam(CUSTOMER_ID)
  @ApiOperation({
    summary: 'How a customer’s list comes about, step by step',
    description:
      'Computed now, also under another model version or other settings. Nothing is saved or recorded.',
  })
  @ApiOkResponse({ type: CustomerExplanationDto })
  @ApiProblems(400, 409, 413, 415)
  explain(
    @CurrentTenant() tenant: Tenant,
    @Param('customerId') customerId: string,
    @Body() { modelVersion, settings, count }: ExplainCustomerDto,
  ): Promise<CustomerExplanationDto> {
    return this.explanations.explain(tenant, customerId, { modelVersion, settings, count });
  }
}
