import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

const DEFAULT_COUNT = 10;
const MAXIMUM_COUNT = 100;
const MAXIMUM_ID_LENGTH = 200;
/** Imports refuse ids with control characters, so no customer can have one. */
const WITHOUT_CONTROL_CHARACTERS = /^\P{Cc}*$/u;
const NO_CONTROL = { message: '$property must not contain control characters' };

export class CustomerParamsDto {
  @IsString() tenant!: string;
  @IsString()
  @Length(1, MAXIMUM_ID_LENGTH)
  @Matches(WITHOUT_CONTROL_CHARACTERS, NO_CONTROL)
  customerId!: string;
}

export class RecommendationQueryDto {
  @Type(() => Number) @IsInt() @Min(1) @Max(MAXIMUM_COUNT) count: number = DEFAULT_COUNT;
  /** Which list a customer gets whom the model does not know. */
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) country?: string;
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) segment?: string;
}

export class RecommendationBodyDto {
  /** Left out for a visitor whom nobody knows. */
  @IsOptional()
  @IsString()
  @Length(1, MAXIMUM_ID_LENGTH)
  @Matches(WITHOUT_CONTROL_CHARACTERS, NO_CONTROL)
  customerId?: string;
  @IsInt() @Min(1) @Max(MAXIMUM_COUNT) count: number = DEFAULT_COUNT;
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) country?: string;
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) segment?: string;
}
