import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { FeedbackService, type FeedbackAnswer, type ServedTenant } from '#libs/domain';
import { CurrentTenant, RequireScope } from '#libs/http';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { OutcomesDto } from './outcome.dto.js';

@RequireScope('feedback')
@Controller('v1/tenants/:tenant/outcomes')
export class OutcomesController {
  constructor(
    private readonly feedback: FeedbackService,
    private readonly metrics: ServingMetrics,
  ) {}

  /** What was shown, accepted, rejected or bought. Recorded in every lifecycle state; a batch sent twice counts once. */
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
