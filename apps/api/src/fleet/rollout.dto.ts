import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  DEFAULT_SHARES,
  DEFAULT_THRESHOLDS,
  ROLLOUT_ACTIONS,
  ROLLOUT_STATES,
  type Rollout,
  type RolloutAction,
  type RolloutEvent,
  type RolloutState,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';
import { CohortComparisonDto, toComparisonDto } from './cohort.dto.js';

const LARGEST_VERSION = 2_147_483_647;

const threshold = (name: keyof typeof DEFAULT_THRESHOLDS, description: string, max: number, min = 0) =>
  function (target: object, key: string): void {
    ApiPropertyOptional({ default: DEFAULT_THRESHOLDS[name], minimum: min, maximum: max, description })(
      target,
      key,
    );
    IsOptional()(target, key);
    IsNumber()(target, key);
    Min(min)(target, key);
    Max(max)(target, key);
  };

export class ThresholdsDto {
  @threshold('failureShare', 'By how much the share of tenants whose last run failed may be higher.', 1)
  failureShare?: number;
  @threshold('freezeRatio', 'How many times as often tenants may freeze or switch off.', 100, 1)
  freezeRatio?: number;
  @threshold('ndcgDrop', 'By which share the ranking quality may fall.', 1)
  ndcgDrop?: number;
  @threshold('rmseRise', 'By which share the prediction error may rise.', 1)
  rmseRise?: number;
  @threshold(
    'falseStopShare',
    'Of so many roll-outs of a version that is no worse, one at most may be stopped.',
    0.5,
    0.001,
  )
  falseStopShare?: number;
}

export class ReasonDto {
  @ApiProperty({ example: 'Two nights without a difference', maxLength: 500 })
  @IsPlainText(500)
  reason!: string;
}

export class StartRolloutDto extends ReasonDto {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  @IsInt()
  @Min(1)
  @Max(LARGEST_VERSION)
  templateVersion!: number;

  @ApiPropertyOptional({ type: [Number], default: DEFAULT_SHARES, description: 'Rising, the last one 1.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsNumber({}, { each: true })
  shares?: number[];

  @ApiPropertyOptional({ type: ThresholdsDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => ThresholdsDto)
  thresholds?: ThresholdsDto;
}

export class RolloutStepDto {
  @ApiProperty({ example: 0.01 }) share!: number;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) at!: Date;
}

export class RolloutEventDto {
  @ApiProperty({ enum: ROLLOUT_ACTIONS }) action!: RolloutAction;
  @ApiProperty({ example: 'Olga Otto <olga@platform.example>' }) actor!: string;
  @ApiProperty({ example: 'Cheaper nights' }) reason!: string;
  @ApiProperty({ type: Object, example: { share: 0.01, tenants: 40 } }) detail!: object;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) at!: Date;
}

export class RolloutDto {
  @ApiProperty({ format: 'uuid' }) rolloutId!: string;
  @ApiProperty({ type: 'integer', example: 2 }) templateVersion!: number;
  @ApiProperty({ type: 'integer', example: 1 }) formerVersion!: number;
  @ApiProperty({ enum: ROLLOUT_STATES }) state!: RolloutState;
  @ApiProperty({ type: [Number], example: DEFAULT_SHARES }) shares!: readonly number[];
  @ApiProperty({ type: [RolloutStepDto], description: 'Those that were taken.' }) steps!: RolloutStepDto[];
  @ApiProperty({ type: ThresholdsDto }) thresholds!: ThresholdsDto;
  @ApiProperty({ example: 'Cheaper nights' }) reason!: string;
  @ApiProperty({ example: 'Olga Otto <olga@platform.example>' }) startedBy!: string;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) startedAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) endedAt!: Date | null;
  @ApiProperty({ type: 'integer', example: 5, description: 'How often it was judged.' }) looks!: number;
  @ApiProperty({ type: Date, nullable: true }) comparedAt!: Date | null;
  @ApiProperty({ type: CohortComparisonDto, nullable: true }) comparison!: CohortComparisonDto | null;
}

export class RolloutWithEventsDto extends RolloutDto {
  @ApiProperty({ type: [RolloutEventDto], description: 'Oldest first.' }) events!: RolloutEventDto[];
}

export class RolloutListDto {
  @ApiProperty({ type: [RolloutDto], description: 'Newest first.' }) rollouts!: RolloutDto[];
}

export function toRolloutDto(rollout: Rollout): RolloutDto {
  const { rolloutId, templateVersion, formerVersion, state, shares, thresholds, reason } = rollout;
  const { startedBy, startedAt, endedAt, looks, comparison, comparedAt } = rollout;
  return {
    ...{ rolloutId, templateVersion, formerVersion, state, shares, thresholds, reason },
    ...{ startedBy, startedAt, looks },
    steps: rollout.steps.map(({ share, at }) => ({ share, at })),
    endedAt: endedAt ?? null,
    comparedAt: comparedAt ?? null,
    comparison: comparison === undefined ? null : toComparisonDto(comparison),
  };
}

export function toRolloutWithEventsDto(
  rollout: Rollout & { readonly events: readonly RolloutEvent[] },
): RolloutWithEventsDto {
  const events = rollout.events.map(({ action, actor, reason, detail, at }) => ({
    ...{ action, actor, reason, detail, at },
  }));
  return { ...toRolloutDto(rollout), events };
}
