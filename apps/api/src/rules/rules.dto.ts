import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import {
  MOST_RULES,
  RERANKING_NUMBERS,
  RERANKING_STEPS,
  RULE_SCHEMAS,
  type RerankingOverrides,
  type Rule,
  type SettingRange,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

const EXAMPLE = [
  { ruleId: 'no-tobacco', kind: 'exclude', products: { categories: ['Tobacco'] } },
  {
    ruleId: 'advent-tea',
    kind: 'boost',
    products: { categories: ['Tea'] },
    factor: 1.3,
    from: '2026-12-01T00:00:00+01:00',
    until: '2026-12-24T00:00:00+01:00',
  },
];
/** Each rule is checked for itself by the domain, which names it by its place. */
const RULES = {
  type: 'array' as const,
  maxItems: MOST_RULES,
  items: { oneOf: Object.values(RULE_SCHEMAS) as object[] },
  example: EXAMPLE,
};
const REASON = { example: 'Agreed with the board', maxLength: 500 };
const EXPECTED = {
  type: 'integer' as const,
  minimum: 0,
  maximum: 2_147_483_647,
  description: 'The version that you have seen: refused when somebody has changed it since. 0: none yet.',
};

export class ChangeRulesDto {
  @ApiProperty(RULES) @IsArray() rules!: unknown[];
  @ApiProperty(REASON) @IsPlainText(500) reason!: string;
  @ApiPropertyOptional(EXPECTED)
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  expectedVersion?: number;
}

export class RulesDto {
  @ApiProperty({ example: 3, description: '0 before the first change.' }) version!: number;
  @ApiProperty(RULES) rules!: readonly Rule[];
}

const MOST_CUSTOMERS = 100;

class PreviewedCustomersDto {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', maxLength: 200 },
    minItems: 1,
    maxItems: MOST_CUSTOMERS,
    description: 'Whose lists to look at; a sample if absent.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_CUSTOMERS)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  customerIds?: string[];
  @ApiPropertyOptional({ type: 'integer', default: 20, minimum: 1, maximum: MOST_CUSTOMERS })
  @IsInt()
  @Min(1)
  @Max(MOST_CUSTOMERS)
  sample: number = 20;
  @ApiPropertyOptional({ type: 'integer', default: 10, minimum: 1, maximum: 100 })
  @IsInt()
  @Min(1)
  @Max(100)
  count: number = 10;
}

export class PreviewRulesDto extends PreviewedCustomersDto {
  @ApiProperty(RULES) @IsArray() rules!: unknown[];
}

const numbersOf = (rules: Readonly<Record<string, SettingRange>>) =>
  Object.fromEntries(
    Object.entries(rules).map(([name, { default: byDefault, min, max, doc, whole }]) => [
      name,
      {
        type: whole ? 'integer' : 'number',
        minimum: min,
        maximum: max,
        default: byDefault,
        description: doc,
      },
    ]),
  );
const STEPS = Object.fromEntries(
  Object.entries(RERANKING_STEPS).map(([name, { enabled, doc, parameters }]) => [
    name,
    {
      type: 'object',
      description: doc,
      additionalProperties: false,
      properties: { enabled: { type: 'boolean', default: enabled }, ...numbersOf(parameters) },
    },
  ]),
);
const SETTINGS = {
  type: 'object' as const,
  additionalProperties: false,
  properties: {
    steps: { type: 'object', additionalProperties: false, properties: STEPS },
    ...numbersOf(RERANKING_NUMBERS),
  } as Record<string, object>,
  example: { steps: { priceSensitivity: { enabled: true } }, minimumRelevance: 0.1 },
};

export class ChangeRerankingDto {
  @ApiProperty({ ...SETTINGS, description: 'Replaces everything: what is absent takes its default again.' })
  @IsObject()
  settings!: Record<string, unknown>;
  @ApiProperty(REASON) @IsPlainText(500) reason!: string;
  @ApiPropertyOptional(EXPECTED)
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  expectedVersion?: number;
}

export class PreviewRerankingDto extends PreviewedCustomersDto {
  @ApiProperty({ ...SETTINGS, description: 'As they would be saved: what is absent takes its default.' })
  @IsObject()
  settings!: Record<string, unknown>;
}

export class RerankingDto {
  @ApiProperty({ example: 1, description: '0 before the first change.' }) version!: number;
  @ApiProperty({ ...SETTINGS, description: 'What the tenant has set.' }) settings!: RerankingOverrides;
  @ApiProperty({ ...SETTINGS, description: 'What holds: the settings with every default.' })
  effective!: object;
}

export class OfferingChangedDto {
  @ApiProperty({ example: 4 }) version!: number;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) changedAt!: Date;
}

export class TakesEffectDto {
  @ApiProperty({
    enum: ['withinSeconds'],
    description:
      'Answers that a request computes: with a context, exclusions, a filter, diversity or explain.',
  })
  computedAnswers!: 'withinSeconds';
  @ApiProperty({
    enum: ['nextNight'],
    description: 'Lists of look-ups and exports: with the next run, which `POST runs` starts at once.',
  })
  storedLists!: 'nextNight';
}

export class RerankingChangedDto extends OfferingChangedDto {
  @ApiProperty() takesEffect!: TakesEffectDto;
}

export class OfferingChangeDto extends OfferingChangedDto {
  @ApiProperty({ example: 'Agreed with the board' }) reason!: string;
  @ApiProperty({ example: 'console (4f1d0c2b9a8e7d66)' }) actor!: string;
}

export class RulesChangeDto extends OfferingChangeDto {
  @ApiProperty(RULES) rules!: unknown;
}

export class RulesHistoryDto {
  @ApiProperty({ type: [RulesChangeDto], description: 'Newest first.' }) changes!: RulesChangeDto[];
}

export class RerankingChangeDto extends OfferingChangeDto {
  @ApiProperty(SETTINGS) settings!: unknown;
}

export class RerankingHistoryDto {
  @ApiProperty({ type: [RerankingChangeDto], description: 'Newest first.' }) changes!: RerankingChangeDto[];
}
