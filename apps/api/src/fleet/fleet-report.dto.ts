import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';
import {
  RATE_GROUPS,
  RUN_KINDS,
  RUN_STATUSES,
  type FleetRun,
  type RateGroup,
  type RateSeries,
  type RunKind,
  type RunStatus,
  type WorkerReport,
} from '#libs/domain';
import { IsLocalDate } from '../kpis/is-local-date.js';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { QueueDto } from './fleet-queue.dto.js';
import { ReasonDto } from './rollout.dto.js';

export class RatesQueryDto {
  @ApiPropertyOptional({ enum: RATE_GROUPS, default: 'all' })
  @IsOptional()
  @IsIn(RATE_GROUPS)
  by: RateGroup = 'all';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 52, default: 12 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(52)
  weeks: number = 12;
}

export class WeeklyRateDto {
  @ApiProperty({ type: 'integer', example: 12 }) count!: number;
  @ApiProperty({ example: 0.0031, description: 'Per week that a tenant was on.' }) perWeek!: number;
  @ApiProperty({ example: 0.0016, description: 'Of the 95 % interval.' }) low!: number;
  @ApiProperty({ example: 0.0054 }) high!: number;
}

export class RateWeekDto {
  @ApiProperty({ example: '2026-11-14T10:30:00.000Z' }) from!: Date;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) until!: Date;
  @ApiProperty({ example: 3_911.4, description: 'Weeks that tenants were on, all together.' })
  tenantWeeks!: number;
  @ApiProperty() freezes!: WeeklyRateDto;
  @ApiProperty() turnOffs!: WeeklyRateDto;
}

export class RateSeriesDto {
  @ApiProperty({ example: 'small', description: '`all`, a template version, or a cohort of size or age.' })
  cohort!: string;
  @ApiProperty({ type: [RateWeekDto], description: 'Seven days each, up to now; oldest first.' })
  weeks!: RateWeekDto[];
}

export class AlertThresholdsDto {
  @ApiProperty({ example: 0.02, minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  freezesPerWeek!: number;

  @ApiProperty({ example: 0.01, minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  turnOffsPerWeek!: number;
}

export class ChangeAlertsDto extends ReasonDto {
  @ApiProperty({ example: 0.02, minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  freezesPerWeek!: number;

  @ApiProperty({ example: 0.01, minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  turnOffsPerWeek!: number;
}

export class RateAlertDto {
  @ApiProperty({ example: 'small' }) cohort!: string;
  @ApiProperty({ enum: ['freezes', 'turnOffs'] }) kind!: 'freezes' | 'turnOffs';
  @ApiProperty({ example: 0.034 }) perWeek!: number;
  @ApiProperty({ example: 0.02 }) threshold!: number;
}

export class RatesDto {
  @ApiProperty({ enum: RATE_GROUPS }) by!: RateGroup;
  @ApiProperty() thresholds!: AlertThresholdsDto;
  @ApiProperty({
    type: [RateAlertDto],
    description: 'Cohorts whose last seven days are above a threshold, with three tenants at least.',
  })
  alerts!: RateAlertDto[];
  @ApiProperty({ type: [RateSeriesDto] }) series!: RateSeriesDto[];
}

export class WorkerDto {
  @ApiProperty({ example: 'host-4711-8a9b' }) workerId!: string;
  @ApiProperty({ type: 'integer', example: 2 }) slots!: number;
  @ApiProperty() startedAt!: Date;
  @ApiProperty() heartbeatAt!: Date;
  @ApiProperty({ description: 'Whether it has reported within 30 seconds.' }) alive!: boolean;
}

export class FleetWorkDto {
  @ApiProperty({ type: [WorkerDto] }) workers!: WorkerDto[];
  @ApiProperty({ type: [QueueDto], nullable: true, description: 'Null: Redis does not answer.' })
  queues!: QueueDto[] | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { queued: 3 } })
  unfinishedRuns!: Record<string, number>;
}

export class FleetRunsQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ enum: RUN_STATUSES })
  @IsOptional()
  @IsIn(RUN_STATUSES)
  status?: RunStatus;

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  late?: 'true' | 'false';

  @ApiPropertyOptional({ example: 'green-grocer', maxLength: 100, description: 'Of this tenant alone.' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,100}$/, { message: 'tenant must be a slug' })
  tenant?: string;

  @ApiPropertyOptional({ example: '2026-11-21', description: 'Of this night, what cost most first.' })
  @IsOptional()
  @IsLocalDate()
  night?: string;
}

export class FleetRunDto {
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'Green Grocer' }) tenantName!: string;
  @ApiProperty({ format: 'uuid' }) runId!: string;
  @ApiProperty({ example: '2026-11-21' }) night!: string;
  @ApiProperty({ enum: RUN_KINDS }) kind!: RunKind;
  @ApiProperty({ enum: RUN_STATUSES }) status!: RunStatus;
  @ApiProperty({ type: String, nullable: true, example: 'promoted' }) outcome!: string | null;
  @ApiProperty({ type: 'integer', example: 1 }) templateVersion!: number;
  @ApiProperty() late!: boolean;
  @ApiProperty({ type: 'integer', example: 1 }) attempt!: number;
  @ApiProperty({ type: String, nullable: true }) errorCode!: string | null;
  @ApiProperty({ type: String, nullable: true }) errorMessage!: string | null;
  @ApiProperty() createdAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) startedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) finishedAt!: Date | null;
  @ApiProperty({ example: 3.2, description: 'CPU time of all attempts.' }) cpuSeconds!: number;
  @ApiProperty({ type: 'integer', description: 'Lists and models that it wrote.' }) bytes!: number;
  @ApiProperty({ type: Number, nullable: true, example: 0.412, description: 'Of what serves after it.' })
  ndcg10!: number | null;
  @ApiProperty({ type: 'integer', nullable: true, example: 87_609 }) interactions!: number | null;
}

export class FleetRunListDto {
  @ApiProperty({ type: [FleetRunDto], description: 'Newest first.' }) runs!: FleetRunDto[];
}

export class CostsQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 92, default: 14 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(92)
  nights: number = 14;
}

export class NightCostDto {
  @ApiProperty({ example: '2026-11-21' }) night!: string;
  @ApiProperty({ type: 'integer', example: 3_998 }) runs!: number;
  @ApiProperty({ example: 5_112.4 }) cpuSeconds!: number;
  @ApiProperty({ type: 'integer' }) bytes!: number;
}

export class FleetCostsDto {
  @ApiProperty({ type: [NightCostDto], description: 'Oldest first.' }) nights!: NightCostDto[];
}

export function toRateSeriesDto({ cohort, weeks }: RateSeries): RateSeriesDto {
  return { cohort, weeks: weeks.map((week) => ({ ...week })) };
}

const ALIVE_MS = 30_000;

export function toWorkerDto(worker: WorkerReport, now: Date): WorkerDto {
  return { ...worker, alive: now.getTime() - worker.heartbeatAt.getTime() <= ALIVE_MS };
}

export function toFleetRunDto(run: FleetRun): FleetRunDto {
  return {
    ...run,
    outcome: run.outcome ?? null,
    errorCode: run.errorCode ?? null,
    errorMessage: run.errorMessage ?? null,
    startedAt: run.startedAt ?? null,
    finishedAt: run.finishedAt ?? null,
    ndcg10: run.ndcg10 ?? null,
    interactions: run.interactions ?? null,
  };
}
