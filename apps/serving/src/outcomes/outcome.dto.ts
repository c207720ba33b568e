import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { FEEDBACK_KINDS, type FeedbackKind } from '#libs/domain';

export const MAXIMUM_EVENTS = 1_000;
const ID = { maxLength: 200 };

/** For the documentation: rows are checked one by one by FeedbackService. */
export class OutcomeEventDto {
  @ApiPropertyOptional({
    ...ID,
    description: 'Counts once, however often it is sent. Made of the other fields if absent.',
  })
  eventId?: string;
  @ApiPropertyOptional({ ...ID, description: 'From the answer that this came of.' })
  recommendationId?: string;
  @ApiProperty({ ...ID, example: 'C001796' }) customerId!: string;
  @ApiProperty({ ...ID, example: 'P00042' }) productId!: string;
  @ApiProperty({ enum: FEEDBACK_KINDS, example: 'bought', description: '`shown` is an impression.' })
  kind!: FeedbackKind;
  @ApiPropertyOptional({ maxLength: 500, example: 'too expensive' }) reason?: string;
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 100_000,
    description: 'Place in the list, from 1.',
  })
  position?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1e9, example: 1 }) quantity?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1e9, example: 9.5 }) unitPrice?: number;
  @ApiPropertyOptional({
    ...ID,
    example: 'sales-7',
    description: 'Who acted for the customer: a salesperson, say.',
  })
  onBehalfOf?: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'With an offset; the moment of the call if absent.',
  })
  occurredAt?: string;
}

export class OutcomesDto {
  /** Each row is checked for itself: good rows land, and bad ones come back with their index. */
  @ApiProperty({ type: [OutcomeEventDto], maxItems: MAXIMUM_EVENTS })
  @IsArray()
  @ArrayMaxSize(MAXIMUM_EVENTS)
  events!: unknown[];
}

export class RejectedOutcomeDto {
  @ApiProperty({ example: 2, description: 'Place in the batch, from 0.' }) index!: number;
  @ApiProperty({ example: 'kind', description: 'Empty when the row is no object.' }) field!: string;
  @ApiProperty({ example: 'unknownValue' }) code!: string;
  @ApiProperty() message!: string;
}

export class OutcomesAnswerDto {
  @ApiProperty({ example: 41 }) accepted!: number;
  @ApiProperty({
    example: 0,
    description: 'Sent before, as far as this node remembers: an event counts once either way.',
  })
  alreadyKnown!: number;
  @ApiProperty({ type: [RejectedOutcomeDto] }) rejected!: readonly RejectedOutcomeDto[];
}
