import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  FeedbackService,
  InvalidInputError,
  NightshiftError,
  type ApiKey,
  type ServedTenant,
} from '#libs/domain';
import { ApiProblems, CurrentTenant, RequireScope, TenantOfKey } from '#libs/http';
import { MAXIMUM_EVENTS } from '../outcomes/outcome.dto.js';
import { RecommendationsService } from '../recommendations/recommendations.service.js';
import { fromGorseFeedback, inGorseWords } from './gorse-feedback.js';
import {
  GorseFeedbackAnswerDto,
  GorseFeedbackDto,
  GorseCategoryParamsDto,
  GorseRecommendQueryDto,
  GorseUserParamsDto,
} from './gorse.dto.js';

/** Largest count of one answer, as everywhere. */
const MAXIMUM_ITEMS = 100;
const IDS = { type: 'array', items: { type: 'string' }, example: ['P00042', 'P00007'] };

/** The part of Gorse's interface that a shop calls, for programs that were written for it. */
@TenantOfKey('gorse')
@Controller('api')
export class GorseController {
  constructor(
    private readonly recommendations: RecommendationsService,
    private readonly feedback: FeedbackService,
  ) {}

  @Get('recommend/:userId')
  @RequireScope('read')
  @ApiOperation({ summary: 'Item ids for this user, the best first', description: 'As in Gorse.' })
  @ApiOkResponse({ schema: IDS })
  @ApiProblems(400)
  recommend(
    @CurrentTenant() tenant: ServedTenant,
    @Req() { user: key }: { readonly user: ApiKey },
    @Param() { userId }: GorseUserParamsDto,
    @Query() query: GorseRecommendQueryDto,
  ): Promise<string[]> {
    return this.idsFor(tenant, key, userId, query, query.category);
  }

  @Get('recommend/:userId/:category')
  @RequireScope('read')
  @ApiOperation({ summary: 'The same from one category', description: 'As in Gorse.' })
  @ApiOkResponse({ schema: IDS })
  @ApiProblems(400)
  recommendOfCategory(
    @CurrentTenant() tenant: ServedTenant,
    @Req() { user: key }: { readonly user: ApiKey },
    @Param() { userId, category }: GorseCategoryParamsDto,
    @Query() query: GorseRecommendQueryDto,
  ): Promise<string[]> {
    return this.idsFor(tenant, key, userId, query, category);
  }

  private async idsFor(
    tenant: ServedTenant,
    key: ApiKey,
    userId: string,
    { n, offset, 'write-back-type': writeBack }: GorseRecommendQueryDto,
    category: string | undefined,
  ): Promise<string[]> {
    if (writeBack !== undefined && !key.scopes.includes('feedback'))
      throw new NightshiftError('forbidden', 'scopeMissing', 'write-back-type needs the scope feedback.');
    const count = Math.min(n + offset, MAXIMUM_ITEMS);
    const answer = await this.recommendations.answer(tenant, {
      ...{ customerId: userId, count },
      ...{ country: undefined, segment: undefined },
      ...(category === undefined ? {} : { filter: { categories: [category] } }),
    });
    const items = answer.items.slice(offset).map(({ productId }) => productId);
    if (writeBack !== undefined && items.length > 0) {
      const { recommendationId } = answer;
      const rows = items.map((ItemId) =>
        fromGorseFeedback({ FeedbackType: writeBack, UserId: userId, ItemId }),
      );
      await this.feedback.record(
        tenant.tenantId,
        // Each answer is a showing of its own.
        rows.map((row) => ({ ...(row as object), eventId: undefined, recommendationId })),
      );
    }
    return items;
  }

  @Post('feedback')
  @RequireScope('feedback')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'What users did', description: 'Good rows land; a row sent twice counts once.' })
  @ApiBody({ type: [GorseFeedbackDto] })
  @ApiOkResponse({ type: GorseFeedbackAnswerDto })
  @ApiProblems(400, 413, 415)
  record(@CurrentTenant() tenant: ServedTenant, @Body() rows: unknown): Promise<GorseFeedbackAnswerDto> {
    return this.take(tenant, rows);
  }

  @Put('feedback')
  @RequireScope('feedback')
  @ApiOperation({
    summary: 'The same: what happened is on record and is not overwritten',
    description: 'A row that is known already changes nothing; at another moment it is another event.',
  })
  @ApiBody({ type: [GorseFeedbackDto] })
  @ApiOkResponse({ type: GorseFeedbackAnswerDto })
  @ApiProblems(400, 413, 415)
  recordAgain(@CurrentTenant() tenant: ServedTenant, @Body() rows: unknown): Promise<GorseFeedbackAnswerDto> {
    return this.take(tenant, rows);
  }

  private async take(tenant: ServedTenant, rows: unknown): Promise<GorseFeedbackAnswerDto> {
    if (!Array.isArray(rows) || rows.length > MAXIMUM_EVENTS)
      throw new InvalidInputError('invalidFields', `Send a list of at most ${MAXIMUM_EVENTS} rows.`);
    const { accepted, rejected } = await this.feedback.record(tenant.tenantId, rows.map(fromGorseFeedback));
    return { RowAffected: accepted, Rejected: rejected.map(inGorseWords) };
  }
}
