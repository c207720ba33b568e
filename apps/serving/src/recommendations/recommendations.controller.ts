import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { ServedTenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { NO_SESSION, type Recommendation, type Session } from '#libs/serving';
import { RecommendationDto } from './recommendation-answer.dto.js';
import {
  ContextDto,
  CustomerParamsDto,
  RecommendationBodyDto,
  RecommendationQueryDto,
} from './recommendation.dto.js';
import { RECOMMENDATION_SCHEMA } from './recommendation.schema.js';
import { RecommendationsService } from './recommendations.service.js';

const DESCRIPTION = `Answered from lists that the night has made. A customer whom it did not know gets the list of their segment,
country or everybody; "none" is an answer with its reason.`;

@ApiTenantRoutes('recommendations')
@RequireScope('read')
@Controller('v1/tenants/:tenant/recommendations')
export class RecommendationsController {
  constructor(private readonly recommendations: RecommendationsService) {}

  @Get(':customerId')
  @ApiOperation({ summary: 'What to offer this customer now', description: DESCRIPTION })
  @ApiOkResponse({ type: RecommendationDto })
  @ApiProblems(400)
  @RouteSchema({ response: { 200: RECOMMENDATION_SCHEMA } })
  find(
    @CurrentTenant() tenant: ServedTenant,
    @Param() { customerId }: CustomerParamsDto,
    @Query() { count, country, segment, explain }: RecommendationQueryDto,
  ): Recommendation | Promise<Recommendation> {
    return this.recommendations.answer(tenant, { customerId, count, country, segment, explain });
  }

  @Post()
  @ApiOperation({
    summary: 'The same with what has just been learnt, and for visitors whom nobody knows',
    description: `${DESCRIPTION} With a context, exclusions, a filter or a wish for diversity it is computed now, from the same model.`,
  })
  @ApiOkResponse({ type: RecommendationDto })
  @ApiProblems(400, 413, 415)
  @HttpCode(HttpStatus.OK)
  @RouteSchema({ response: { 200: RECOMMENDATION_SCHEMA } })
  ask(
    @CurrentTenant() tenant: ServedTenant,
    @Body() { context, ...request }: RecommendationBodyDto,
  ): Recommendation | Promise<Recommendation> {
    const session = context && { ...NO_SESSION, ...withoutAbsent(context) };
    const { customerId, country, segment } = request;
    return this.recommendations.answer(tenant, { ...request, customerId, country, segment, session });
  }
}

/** A field that was left out may be there as undefined. */
function withoutAbsent(context: ContextDto): Partial<Session> {
  return Object.fromEntries(
    Object.entries(context).filter(([, value]) => value !== undefined && value !== null),
  );
}
