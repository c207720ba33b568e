import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

const DEFAULT_COUNT = 10;
const MAXIMUM_COUNT = 100;
const MAXIMUM_ID_LENGTH = 200;
/** Imports refuse ids with control characters, so no customer can have one. */
const WITHOUT_CONTROL_CHARACTERS = /^\P{Cc}*$/u;
const ID = { minLength: 1, maxLength: MAXIMUM_ID_LENGTH };
const COUNT = { type: 'integer', default: DEFAULT_COUNT, minimum: 1, maximum: MAXIMUM_COUNT } as const;
const COUNTRY = { ...ID, example: 'Norway', description: 'Which fallback an unknown customer gets.' };
const SEGMENT = { ...ID, example: 'loyal', description: 'The same, and goes before the country.' };
const NO_CONTROL = { message: '$property must not contain control characters' };

export class CustomerParamsDto {
  @IsString() tenant!: string;
  @ApiProperty({ ...ID, example: 'C001796' })
  @IsString()
  @Length(1, MAXIMUM_ID_LENGTH)
  @Matches(WITHOUT_CONTROL_CHARACTERS, NO_CONTROL)
  customerId!: string;
}

export class RecommendationQueryDto {
  @ApiPropertyOptional(COUNT) @Type(() => Number) @IsInt() @Min(1) @Max(MAXIMUM_COUNT) count: number =
    DEFAULT_COUNT;
  @ApiPropertyOptional(COUNTRY) @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) country?: string;
  @ApiPropertyOptional(SEGMENT) @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) segment?: string;
}

export class RecommendationBodyDto {
  @ApiPropertyOptional({
    ...ID,
    example: 'C001796',
    description: 'Left out for a visitor whom nobody knows.',
  })
  @IsOptional()
  @IsString()
  @Length(1, MAXIMUM_ID_LENGTH)
  @Matches(WITHOUT_CONTROL_CHARACTERS, NO_CONTROL)
  customerId?: string;
  @ApiPropertyOptional(COUNT) @IsInt() @Min(1) @Max(MAXIMUM_COUNT) count: number = DEFAULT_COUNT;
  @ApiPropertyOptional(COUNTRY) @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) country?: string;
  @ApiPropertyOptional(SEGMENT) @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) segment?: string;
}
