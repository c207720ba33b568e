import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { ServedTenant } from '#libs/domain';
import { CurrentTenant, RequireScope } from '#libs/http';
import type { Recommendation } from '#libs/serving';
import { CustomerParamsDto, RecommendationBodyDto, RecommendationQueryDto } from './recommendation.dto.js';
import { RECOMMENDATION_SCHEMA } from './recommendation.schema.js';
import { RecommendationsService } from './recommendations.service.js';

@RequireScope('read')
@Controller('v1/tenants/:tenant/recommendations')
export class RecommendationsController {
  constructor(private readonly recommendations: RecommendationsService) {}

  /** What to offer this customer now. */
  @Get(':customerId')
  @RouteSchema({ response: { 200: RECOMMENDATION_SCHEMA } })
  find(
    @CurrentTenant() tenant: ServedTenant,
    @Param() { customerId }: CustomerParamsDto,
    @Query() { count, country, segment }: RecommendationQueryDto,
  ): Recommendation | Promise<Recommendation> {
    return this.recommendations.answer(tenant, { customerId, count, country, segment });
  }

  /** The same for ids that do not fit an address, and for visitors without one. */
  @Post()
  @HttpCode(HttpStatus.OK)
  @RouteSchema({ response: { 200: RECOMMENDATION_SCHEMA } })
  ask(
    @CurrentTenant() tenant: ServedTenant,
    @Body() { customerId, count, country, segment }: RecommendationBodyDto,
  ): Recommendation | Promise<Recommendation> {
    return this.recommendations.answer(tenant, { customerId, count, country, segment });
  }
}
