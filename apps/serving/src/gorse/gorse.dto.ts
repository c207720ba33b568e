import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { RejectedOutcomeDto } from '../outcomes/outcome.dto.js';
import { GORSE_FEEDBACK_TYPES } from './gorse-feedback.js';

const MAXIMUM_COUNT = 100;
const ID = { minLength: 1, maxLength: 200 };

export class GorseUserParamsDto {
  @ApiProperty({ ...ID, example: 'C001796' })
  @IsString()
  @Length(1, 200)
  @Matches(/^\P{Cc}*$/u, { message: '$property must not contain control characters' })
  userId!: string;
}

export class GorseCategoryParamsDto extends GorseUserParamsDto {
  @ApiProperty({ ...ID, example: 'Tea' })
  @IsString()
  @Length(1, 200)
  category!: string;
}

export class GorseRecommendQueryDto {
  @ApiPropertyOptional({ type: 'integer', default: 10, minimum: 1, maximum: MAXIMUM_COUNT })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAXIMUM_COUNT)
  n: number = 10;

  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: MAXIMUM_COUNT - 1,
    description: 'Items to leave out at the head; with `n` at most 100.',
  })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAXIMUM_COUNT - 1)
  offset: number = 0;

  @ApiPropertyOptional({ ...ID, example: 'Tea', description: 'Products of this category alone.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  category?: string;

  @ApiPropertyOptional({
    enum: GORSE_FEEDBACK_TYPES,
    example: 'read',
    description: 'Records this feedback on every item of the answer; needs the scope `feedback` too.',
  })
  @IsOptional()
  @IsIn(GORSE_FEEDBACK_TYPES)
  'write-back-type'?: string;
}

/** For the documentation: rows are checked one by one. */
export class GorseFeedbackDto {
  @ApiProperty({ enum: GORSE_FEEDBACK_TYPES, example: 'like' }) FeedbackType!: string;
  @ApiProperty({ ...ID, example: 'C001796' }) UserId!: string;
  @ApiProperty({ ...ID, example: 'P00042' }) ItemId!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'The moment of the call if absent.' })
  Timestamp?: string;
  @ApiPropertyOptional({ maxLength: 500, description: 'Kept as the reason of a rejection.' })
  Comment?: string;
}

export class GorseFeedbackAnswerDto {
  @ApiProperty({ example: 2, description: 'Rows that were new.' }) RowAffected!: number;
  @ApiProperty({ type: [RejectedOutcomeDto], description: 'Not in Gorse: the rows that were not taken.' })
  Rejected!: readonly RejectedOutcomeDto[];
}
