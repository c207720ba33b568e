import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { ProductSelector, Trait } from '#libs/domain';
import { IsTraitLists, IsTraits } from './is-traits.js';

const DEFAULT_COUNT = 10;
const MAXIMUM_COUNT = 100;
const MAXIMUM_ID_LENGTH = 200;
/** Imports refuse ids with control characters, so no customer can have one. */
const WITHOUT_CONTROL_CHARACTERS = /^\P{Cc}*$/u;
const ID = { minLength: 1, maxLength: MAXIMUM_ID_LENGTH };
const COUNT = { type: 'integer', default: DEFAULT_COUNT, minimum: 1, maximum: MAXIMUM_COUNT } as const;
const COUNTRY = { ...ID, example: 'Norway', description: 'Which fallback an unknown customer gets.' };
const SEGMENT = { ...ID, example: 'loyal', description: 'The same, and goes before the country.' };
const EXPLAIN = {
  default: false,
  description: 'Tell how each score came about. The list is computed now, not looked up.',
};
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

  @ApiPropertyOptional(EXPLAIN)
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  explain?: boolean;
}

const MOST_PRODUCTS = 200;
const IDS = { type: 'array' as const, items: { type: 'string' }, maxItems: MOST_PRODUCTS };
const TRAIT = { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] };

/** What has just been learnt of the customer. */
export class ContextDto {
  @ApiPropertyOptional({ ...IDS, example: ['P00007'], description: 'What is in the basket.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  @MaxLength(MAXIMUM_ID_LENGTH, { each: true })
  basket?: string[];

  @ApiPropertyOptional({ ...IDS, description: 'What has just been looked at.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  @MaxLength(MAXIMUM_ID_LENGTH, { each: true })
  viewed?: string[];

  @ApiPropertyOptional({
    type: [String],
    maxItems: 10,
    example: ['green tea'],
    description: 'What was searched for.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  searched?: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: TRAIT,
    maxProperties: 50,
    example: { region: 'north', organic: true, budget: 20 },
    description:
      'What is known now: matched with products (category, brand, attributes) and with the customers that rules mean. `budget` bounds the price.',
  })
  @IsOptional()
  @IsTraits()
  facts?: Record<string, Trait>;
}

/** Which products may be in the answer: every part that is given must fit, one value of a part is enough. */
export class FilterDto implements ProductSelector {
  @ApiPropertyOptional(IDS)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  productIds?: string[];

  @ApiPropertyOptional({ ...IDS, example: ['Tea'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  categories?: string[];

  @ApiPropertyOptional(IDS)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  brands?: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'array', items: TRAIT },
    maxProperties: 50,
    example: { organic: [true] },
  })
  @IsOptional()
  @IsTraitLists()
  attributes?: Record<string, Trait[]>;

  @ApiPropertyOptional({ minimum: 0 }) @IsOptional() @IsNumber() @Min(0) minimumPrice?: number;
  @ApiPropertyOptional({ minimum: 0 }) @IsOptional() @IsNumber() @Min(0) maximumPrice?: number;
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

  @ApiPropertyOptional({ type: ContextDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => ContextDto)
  context?: ContextDto;

  @ApiPropertyOptional({ ...IDS, description: 'Not in this answer, whatever speaks for them.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PRODUCTS)
  @IsString({ each: true })
  excludeProductIds?: string[];

  @ApiPropertyOptional({ type: FilterDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => FilterDto)
  filter?: FilterDto;

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 1,
    description: '0: by relevance alone; absent: as the tenant has set it.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  diversity?: number;

  @ApiPropertyOptional(EXPLAIN)
  @IsOptional()
  @IsBoolean()
  explain?: boolean;
}
