import { Controller, Delete, Get, HttpCode, HttpStatus, Param } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { CustomerExportService, ErasureService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { CustomerExportDto, ErasureDto, toErasureDto } from './erasure.dto.js';

const CUSTOMER_ID = { name: 'customerId', example: 'customer-1' };

@ApiTenantRoutes('customers')
@RequireScope('admin')
@Controller('v1/tenants/:tenant/customers')
export class CustomersController {
  constructor(
    private readonly erasures: ErasureService,
    private readonly exports: CustomerExportService,
  ) {}

  @Get(':customerId/export')
  @ApiParam(CUSTOMER_ID)
  @ApiOperation({ summary: 'Everything that is known about a customer, for the customer who asks' })
  @ApiOkResponse({ type: CustomerExportDto })
  export(
    @CurrentTenant() tenant: Tenant,
    @Param('customerId') customerId: string,
  ): Promise<CustomerExportDto> {
    return this.exports.export(tenant, customerId);
  }

  @Delete(':customerId')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiParam(CUSTOMER_ID)
  @ApiOperation({
    summary: 'Forget a customer, everywhere and for good',
    description: `In effect on every endpoint within seconds; a worker then removes them from every store and writes the receipt.
Rows that name the customer are not taken in again.`,
  })
  @ApiAcceptedResponse({ type: ErasureDto })
  @ApiProblems(400)
  async erase(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Param('customerId') customerId: string,
  ): Promise<ErasureDto> {
    return toErasureDto(await this.erasures.requestCustomer(tenant, customerId, actor));
  }
}
