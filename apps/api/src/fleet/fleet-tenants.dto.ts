import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import {
  AGE_COHORTS,
  FLEET_SORTS,
  LIFECYCLE_STATES,
  RUN_STATUSES,
  SIZE_COHORTS,
  TROUBLES,
  type AgeCohort,
  type FleetFilter,
  type FleetSort,
  type JudgedTenant,
  type LifecycleState,
  type RunStatus,
  type SizeCohort,
  type Trouble,
} from '#libs/domain';

const LARGEST_VERSION = 2_147_483_647;
const ANY_TROUBLE = ['any', ...TROUBLES] as const;

export class FleetFilterDto {
  @ApiPropertyOptional({ enum: LIFECYCLE_STATES })
  @IsOptional()
  @IsIn(LIFECYCLE_STATES)
  state?: LifecycleState;

  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LARGEST_VERSION)
  templateVersion?: number;

  @ApiPropertyOptional({
    enum: SIZE_COHORTS,
    description: 'By interactions: below 10,000, below 100,000, more.',
  })
  @IsOptional()
  @IsIn(SIZE_COHORTS)
  size?: SizeCohort;

  @ApiPropertyOptional({ enum: AGE_COHORTS, description: 'Below 30 days, below 182 days, more.' })
  @IsOptional()
  @IsIn(AGE_COHORTS)
  age?: AgeCohort;

  @ApiPropertyOptional({ enum: ANY_TROUBLE })
  @IsOptional()
  @IsIn(ANY_TROUBLE)
  trouble?: Trouble | 'any';

  @ApiPropertyOptional({ example: 'green', maxLength: 100, description: 'A part of the name or the slug.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  text?: string;

  @ApiPropertyOptional({ maxLength: 100, description: 'The whole of it: this tenant alone.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  slug?: string;
}

export class FleetTenantsQueryDto extends FleetFilterDto {
  @ApiPropertyOptional({
    enum: FLEET_SORTS,
    default: 'trouble',
    description: 'The worst, largest, newest first.',
  })
  @IsOptional()
  @IsIn(FLEET_SORTS)
  sort: FleetSort = 'trouble';

  @ApiPropertyOptional({ enum: ['asc', 'desc'], default: 'asc', description: '`desc` turns it round.' })
  @IsOptional()
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'asc';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 10_000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit: number = 100;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset: number = 0;
}

const EACH = { isArray: true as const };

/** One entry for each tenant in every column: names of fields are sent once, not thousands of times. */
export class FleetColumnsDto {
  @ApiProperty({ type: [String], example: ['green-grocer'] }) tenant!: string[];
  @ApiProperty({ type: [String], example: ['Green Grocer'] }) name!: string[];
  @ApiProperty({ enum: LIFECYCLE_STATES, ...EACH }) state!: LifecycleState[];
  @ApiProperty({ type: [Number], description: 'Seconds since 1970.' }) stateChangedAt!: number[];
  @ApiProperty({ type: [Number], example: [1] }) templateVersion!: number[];
  @ApiProperty({ enum: SIZE_COHORTS, ...EACH }) size!: SizeCohort[];
  @ApiProperty({ enum: AGE_COHORTS, ...EACH }) age!: AgeCohort[];
  @ApiProperty({ type: [Number], description: 'Seconds since 1970.' }) createdAt!: number[];
  @ApiProperty({ type: [Number], description: 'Of the last run that has read them; -1: none yet.' })
  interactions!: number[];
  @ApiProperty({ type: [String], example: ['2026-11-21'], description: 'Empty: no run yet.' })
  lastNight!: string[];
  @ApiProperty({ enum: ['', ...RUN_STATUSES], ...EACH }) lastStatus!: (RunStatus | '')[];
  @ApiProperty({ type: [String], example: ['promoted'], description: 'Empty: not ended, or failed.' })
  lastOutcome!: string[];
  @ApiProperty({ type: [String], example: [''], description: 'Why the last run failed.' })
  lastError!: string[];
  @ApiProperty({ type: [Number], description: 'Seconds since 1970; 0: not ended.' })
  lastFinishedAt!: number[];
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'integer' } },
    example: [[412, 415, 420]],
    description:
      'Thousandths of NDCG@10 of what served after each of the last measured nights (14 at most), oldest first.',
  })
  accuracy!: number[][];
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'string', enum: [...TROUBLES] } },
    example: [['failed', 'late']],
    description: 'The worst first.',
  })
  troubles!: Trouble[][];
  @ApiProperty({ type: [Number], description: 'CPU time of the last 14 runs, in seconds.' })
  cpuSeconds!: number[];
  @ApiProperty({ type: [Number], description: 'Written by the last 14 runs.' }) bytes!: number[];
}

export class FleetTenantsDto {
  @ApiProperty({ type: 'integer', example: 4_000, description: 'Tenants that there are.' }) total!: number;
  @ApiProperty({ type: 'integer', example: 37, description: 'Those that the filter lets through.' })
  matching!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { any: 4, failed: 3, late: 2 },
    description: 'Of those that the other filters let through, by trouble; `any` counts each tenant once.',
  })
  troubled!: Record<string, number>;
  @ApiProperty() columns!: FleetColumnsDto;
}

const seconds = (moment: Date | undefined) =>
  moment === undefined ? 0 : Math.floor(moment.getTime() / 1000);
const rounded = (value: number) => Math.round(100 * value) / 100;

export function toFleetColumns(tenants: readonly JudgedTenant[]): FleetColumnsDto {
  return {
    tenant: tenants.map(({ slug }) => slug),
    name: tenants.map(({ name }) => name),
    state: tenants.map(({ state }) => state),
    stateChangedAt: tenants.map(({ stateChangedAt }) => seconds(stateChangedAt)),
    templateVersion: tenants.map(({ templateVersion }) => templateVersion),
    size: tenants.map(({ size }) => size),
    age: tenants.map(({ age }) => age),
    createdAt: tenants.map(({ createdAt }) => seconds(createdAt)),
    interactions: tenants.map(({ interactions }) => interactions ?? -1),
    lastNight: tenants.map(({ lastRun }) => lastRun?.night ?? ''),
    lastStatus: tenants.map(({ lastRun }) => lastRun?.status ?? ''),
    lastOutcome: tenants.map(({ lastRun }) => lastRun?.outcome ?? ''),
    lastError: tenants.map(({ lastRun }) => lastRun?.errorCode ?? ''),
    lastFinishedAt: tenants.map(({ lastRun }) => seconds(lastRun?.finishedAt)),
    accuracy: tenants.map(({ ndcgTrend }) => ndcgTrend.map((ndcg) => Math.round(1000 * ndcg))),
    troubles: tenants.map(({ troubles }) => [...troubles]),
    cpuSeconds: tenants.map(({ cpuSeconds }) => rounded(cpuSeconds)),
    bytes: tenants.map(({ bytes }) => bytes),
  };
}

export function countTroubles(tenants: readonly JudgedTenant[]): Record<string, number> {
  const counts = TROUBLES.map((trouble) => [
    trouble,
    tenants.filter(({ troubles }) => troubles.includes(trouble)).length,
  ]);
  const any = tenants.filter(({ troubles }) => troubles.length > 0).length;
  return { any, ...Object.fromEntries(counts) } as Record<string, number>;
}

export function toFilter(filter: FleetFilterDto): FleetFilter {
  const { state, templateVersion, size, age, trouble, text, slug } = filter;
  return { state, templateVersion, size, age, trouble, text, slug };
}
