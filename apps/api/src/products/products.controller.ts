import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  isOffered,
  ProductService,
  VocabularyReadModel,
  type ProductAvailability,
  type Tenant,
} from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import {
  AvailabilityDto,
  AvailabilityHistoryDto,
  ProductListDto,
  ProductParamsDto,
  ProductsQueryDto,
  SetAvailabilityDto,
  toFoundProductDto,
} from './product.dto.js';

const DESCRIPTION = `Retire a product with a moment for retiredAt, hide it, or bring it back by leaving both out. In effect on every answer
within 5 seconds, lists made before included. The next file decides anew about availableFrom and retiredAt where its mapping names
them; hidden stays until it is set otherwise here. Who, when and why are recorded.`;

@ApiTenantRoutes('products')
@Controller('v1/tenants/:tenant/products')
export class ProductsController {
  constructor(
    private readonly products: ProductService,
    private readonly vocabulary: VocabularyReadModel,
  ) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Products whose id begins so or whose name holds it' })
  @ApiOkResponse({ type: ProductListDto })
  @ApiProblems(400)
  async search(
    @CurrentTenant() tenant: Tenant,
    @Query() { search = '', productId, limit }: ProductsQueryDto,
  ): Promise<ProductListDto> {
    const found = await (productId === undefined
      ? this.vocabulary.searchProducts(tenant.id, search.trim(), limit)
      : this.vocabulary.products(tenant.id, productId));
    return { products: found.map(toFoundProductDto) };
  }

  @Get(':productId/availability')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Whether and when a product is offered' })
  @ApiOkResponse({ type: AvailabilityDto })
  async availability(
    @CurrentTenant() tenant: Tenant,
    @Param() { productId }: ProductParamsDto,
  ): Promise<AvailabilityDto> {
    return toDto(await this.products.availability(tenant, productId));
  }

  @Put(':productId/availability')
  @RequireScope('data', 'admin')
  @ApiOperation({ summary: 'Retire or hide a product, or bring it back', description: DESCRIPTION })
  @ApiOkResponse({ type: AvailabilityDto })
  @ApiProblems(413, 415)
  async setAvailability(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Param() { productId }: ProductParamsDto,
    @Body() { hidden = false, availableFrom, retiredAt, reason }: SetAvailabilityDto,
  ): Promise<AvailabilityDto> {
    const moments = { availableFrom: availableFrom ?? null, retiredAt: retiredAt ?? null };
    return toDto(
      await this.products.setAvailability(tenant, productId, { hidden, ...moments, reason, actor }),
    );
  }

  @Get(':productId/availability/history')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'Who retired, hid or brought back this product, and why' })
  @ApiOkResponse({ type: AvailabilityHistoryDto })
  async history(
    @CurrentTenant() tenant: Tenant,
    @Param() { productId }: ProductParamsDto,
    @Query() { limit }: ListQueryDto,
  ): Promise<AvailabilityHistoryDto> {
    await this.products.availability(tenant, productId);
    return { changes: await this.products.history(tenant, productId, limit) };
  }
}

function toDto(product: ProductAvailability): AvailabilityDto {
  return { ...product, isOffered: isOffered(product, Date.now()) };
}
