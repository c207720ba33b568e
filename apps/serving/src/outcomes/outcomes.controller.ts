import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { FeedbackService, type FeedbackAnswer, type ServedTenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { OutcomesAnswerDto, OutcomesDto } from './outcome.dto.js';

@ApiTenantRoutes('outcomes')
@RequireScope('feedback')
@Controller('v1/tenants/:tenant/outcomes')
export class OutcomesController {
  constructor(
    private readonly feedback: FeedbackService,
    private readonly metrics: ServingMetrics,
  ) {}

  @ApiOperation({
    summary: 'What was shown, accepted, rejected or bought',
    description:
      'Recorded in every lifecycle state. Good rows land, each bad one comes back with its index; a batch sent twice counts once.',
  })
  @ApiOkResponse({ type: OutcomesAnswerDto })
  @ApiProblems(413, 415)
  @Post()
  @HttpCode(HttpStatus.OK)
  async record(
    @CurrentTenant() tenant: ServedTenant,
    @Body() { events }: OutcomesDto,
  ): Promise<FeedbackAnswer> {
    const answer = await this.feedback.record(tenant.tenantId, events);
    this.metrics.feedbackRows.inc({ result: 'accepted' }, answer.accepted);
    this.metrics.feedbackRows.inc({ result: 'alreadyKnown' }, answer.alreadyKnown);
    this.metrics.feedbackRows.inc(
      { result: 'rejected' },
      new Set(answer.rejected.map((row) => row.index)).size,
    );
    return answer;
  }
}
