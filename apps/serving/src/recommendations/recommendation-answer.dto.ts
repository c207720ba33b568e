import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIST_SOURCES, type ListSource } from '#libs/domain';
import { RECOMMENDATION_STATUSES, STATUS_REASONS } from '#libs/serving';

export class BreakdownLineDto {
  @ApiProperty({ example: 'priceSensitivity', description: 'What spoke for it, or the step of re-ranking.' })
  step!: string;
  @ApiProperty({ example: 0.62, description: 'Score after the step.' }) score!: number;
  @ApiPropertyOptional({ example: 0.75, description: 'By how much the step multiplied it.' }) factor?: number;
}

/** For the documentation alone: answers are written by {@link RECOMMENDATION_SCHEMA}, and a test compares the two. */
export class RecommendedItemDto {
  @ApiProperty({ example: 'P00042' }) productId!: string;
  @ApiProperty({ example: 0.81, description: 'Comparable within one list only.' }) score!: number;
  @ApiProperty({
    enum: LIST_SOURCES,
    example: 'ials',
    description: 'The part of the model that spoke for it most.',
  })
  source!: ListSource;
  @ApiProperty({ example: ['Chosen by customers with a similar taste'] }) reasons!: string[];
  @ApiPropertyOptional({ type: [BreakdownLineDto], description: 'Only where it was asked for.' })
  breakdown?: BreakdownLineDto[];
}

export class RecommendationDto {
  @ApiProperty({ format: 'uuid', description: 'Name it in feedback.' }) recommendationId!: string;
  @ApiProperty({ type: Number, nullable: true, example: 3 }) modelVersion!: number | null;
  @ApiProperty({ format: 'date-time' }) servedAt!: string;
  @ApiProperty({
    enum: RECOMMENDATION_STATUSES,
    description:
      'ok: a full list; partial: fewer than asked for; none: nothing to recommend, which is no error.',
  })
  status!: string;
  @ApiProperty({
    enum: [...STATUS_REASONS, null],
    type: String,
    nullable: true,
    description: 'What is unusual about this answer; null when nothing is.',
  })
  statusReason!: string | null;
  @ApiProperty({ type: [RecommendedItemDto], description: 'Best first.' }) items!: RecommendedItemDto[];
}
