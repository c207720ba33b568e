import { ApiProperty } from '@nestjs/swagger';
import type { Cohort, CohortComparison, MeasuredDifference } from '#libs/domain';

const END = {
  type: Number,
  nullable: true,
  description: 'Of the 95 % interval; null where nothing bounds it.',
} as const;

class IntervalEndsDto {
  @ApiProperty(END) low!: number | null;
  @ApiProperty(END) high!: number | null;
}

export class CountedShareDto extends IntervalEndsDto {
  @ApiProperty({ type: 'integer', example: 2 }) count!: number;
  @ApiProperty({ type: 'integer', example: 40 }) of!: number;
  @ApiProperty({ example: 0.05 }) share!: number;
}

export class DepartureRateDto extends IntervalEndsDto {
  @ApiProperty({ type: 'integer', example: 3 }) count!: number;
  @ApiProperty({ example: 81.5, description: 'Weeks that tenants were on, all together.' })
  tenantWeeks!: number;
  @ApiProperty({ example: 0.0368 }) perWeek!: number;
}

export class MeanChangeDto extends IntervalEndsDto {
  @ApiProperty({ type: 'integer', example: 38, description: 'Tenants measured before and after.' })
  count!: number;
  @ApiProperty({ type: Number, nullable: true, example: -0.012, description: 'Relative.' })
  mean!: number | null;
}

export class CohortDto {
  @ApiProperty({ type: 'integer', example: 2 }) templateVersion!: number;
  @ApiProperty({ type: 'integer', example: 40 }) tenants!: number;
  @ApiProperty({ type: 'integer', example: 78 }) endedRuns!: number;
  @ApiProperty({ type: CountedShareDto, description: 'Tenants whose last run failed.' })
  failing!: CountedShareDto;
  @ApiProperty({ type: DepartureRateDto, description: 'Tenants that froze or switched off, a week.' })
  departures!: DepartureRateDto;
  @ApiProperty({
    type: MeanChangeDto,
    description: 'Ranking quality against the tenant’s last night before.',
  })
  ndcgChange!: MeanChangeDto;
  @ApiProperty({ type: MeanChangeDto, description: 'Prediction error, likewise.' })
  rmseChange!: MeanChangeDto;
}

export class MeasuredDifferenceDto extends IntervalEndsDto {
  @ApiProperty({ type: Number, nullable: true, example: 0.047 }) difference!: number | null;
  @ApiProperty({ example: 0.31, description: 'How likely it is to look so much worse by chance alone.' })
  chance!: number;
}

export class CohortComparisonDto {
  @ApiProperty({ type: CohortDto }) present!: CohortDto;
  @ApiProperty({ type: CohortDto }) former!: CohortDto;
  @ApiProperty({ type: MeasuredDifferenceDto }) failureShare!: MeasuredDifferenceDto;
  @ApiProperty({ type: MeasuredDifferenceDto, description: 'How many times as often.' })
  freezeRatio!: MeasuredDifferenceDto;
  @ApiProperty({ type: MeasuredDifferenceDto }) ndcg!: MeasuredDifferenceDto;
  @ApiProperty({ type: MeasuredDifferenceDto }) rmse!: MeasuredDifferenceDto;
}

export function toComparisonDto(comparison: CohortComparison): CohortComparisonDto {
  const { present, former, failureShare, freezeRatio, ndcg, rmse } = comparison;
  return {
    ...{ present: toCohortDto(present), former: toCohortDto(former) },
    ...{ failureShare: toDifference(failureShare), freezeRatio: toDifference(freezeRatio) },
    ...{ ndcg: toDifference(ndcg), rmse: toDifference(rmse) },
  };
}

function toCohortDto(cohort: Cohort): CohortDto {
  const { templateVersion, tenants, endedRuns, failing, departures, ndcgChange, rmseChange } = cohort;
  return {
    ...{ templateVersion, tenants, endedRuns, failing },
    departures: { ...departures, ...endsOf(departures) },
    ndcgChange: { count: ndcgChange.count, mean: finite(ndcgChange.mean), ...endsOf(ndcgChange) },
    rmseChange: { count: rmseChange.count, mean: finite(rmseChange.mean), ...endsOf(rmseChange) },
  };
}

function toDifference({ difference, chance, ...ends }: MeasuredDifference): MeasuredDifferenceDto {
  return { difference: finite(difference), chance, ...endsOf(ends) };
}

function endsOf({ low, high }: { readonly low: number; readonly high: number }): IntervalEndsDto {
  return { low: finite(low), high: finite(high) };
}

/** The database keeps JSON, which knows no infinity. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
