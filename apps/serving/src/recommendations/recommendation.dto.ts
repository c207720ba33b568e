import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

const DEFAULT_COUNT = 10;
const MAXIMUM_COUNT = 100;
const MAXIMUM_ID_LENGTH = 200;

export class CustomerParamsDto {
  @IsString() tenant!: string;
  @IsString() @Length(1, MAXIMUM_ID_LENGTH) customerId!: string;
}

export class RecommendationQueryDto {
  @Type(() => Number) @IsInt() @Min(1) @Max(MAXIMUM_COUNT) count: number = DEFAULT_COUNT;
  /** Which list a customer gets whom the model does not know. */
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) country?: string;
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) segment?: string;
}

export class RecommendationBodyDto {
  /** Left out for a visitor whom nobody knows. */
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) customerId?: string;
  @IsInt() @Min(1) @Max(MAXIMUM_COUNT) count: number = DEFAULT_COUNT;
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) country?: string;
  @IsOptional() @IsString() @Length(1, MAXIMUM_ID_LENGTH) segment?: string;
}
