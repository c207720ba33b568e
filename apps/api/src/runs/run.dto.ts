import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import {
  isLate,
  outcomeSentence,
  RUN_KINDS,
  RUN_STATUSES,
  RUN_TRIGGERS,
  STAGES,
  type DataQualityReport,
  type Run,
  type RunKind,
  type RunStage,
  type RunStatus,
  type RunTrigger,
  type StageName,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { DataQualityDto, toDataQualityDto } from './data-quality.dto.js';

const MAXIMUM_SEED = 2_147_483_647;

export class RequestRunDto {
  @ApiPropertyOptional({ example: 'New autumn range imported', maxLength: 500 })
  @IsOptional()
  @IsPlainText(500)
  reason?: string;

  @ApiPropertyOptional({ description: "The template's seed if absent.", minimum: 0, maximum: MAXIMUM_SEED })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAXIMUM_SEED)
  seed?: number;

  @ApiPropertyOptional({
    example: '2026-11-14',
    description: "A past night: a run in that night's name on the data as it is now. Tonight's if absent.",
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'night must be a date such as 2026-11-14' })
  night?: string;
}

export class RunsQueryDto extends ListQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Only runs whose lists came after their deadline, or are not there although it has passed.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  late?: 'true' | 'false';
}

const STAGE_STATUSES = ['pending', 'running', 'succeeded', 'failed'] as const;

export class RunLogLineDto {
  @ApiProperty({ format: 'date-time', example: '2026-11-21T00:01:12.000Z' }) at!: string;
  @ApiProperty({ example: 'Trained ials in 3.2 s, 1.4 MB.' }) message!: string;
}

export class RunStageDto {
  @ApiProperty({ enum: STAGES, example: 'train' }) stage!: StageName;
  @ApiProperty({ enum: STAGE_STATUSES, example: 'running' }) status!: (typeof STAGE_STATUSES)[number];
  @ApiProperty({ example: 0.4, minimum: 0, maximum: 1 }) progress!: number;
  @ApiProperty({ type: Date, nullable: true }) startedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) finishedAt!: Date | null;
  @ApiProperty({ type: String, nullable: true }) error!: string | null;
  @ApiProperty({ type: [RunLogLineDto], description: 'Of all attempts, oldest first.' })
  log!: readonly RunLogLineDto[];
}

export class RunErrorDto {
  @ApiProperty({ example: 'unavailable' }) code!: string;
  @ApiProperty({ example: 'The database is not available right now.' }) message!: string;
}

export class RunSummaryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: '2026-11-21', description: "The tenant's local date." }) night!: string;
  @ApiProperty({ enum: RUN_KINDS, example: 'manual' }) kind!: RunKind;
  @ApiProperty({ enum: RUN_TRIGGERS, example: 'clock', description: 'What made the run.' })
  trigger!: RunTrigger;
  @ApiProperty({ enum: RUN_STATUSES, example: 'running' }) status!: RunStatus;
  @ApiProperty({ type: String, nullable: true, example: 'promoted' }) outcome!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The outcome in plain words.' })
  sentence!: string | null;
  @ApiProperty({ example: 'console (4f1d0c2b9a8e7d66)' }) requestedBy!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it was started: what a person said, or what was measured, in a sentence.',
  })
  reason!: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'number' }, { type: 'string' }] },
    nullable: true,
    example: { newInteractions: 1_200, knownInteractions: 5_000, share: 0.24, limitShare: 0.2 },
    description: 'What a triggered run was decided on; null for other runs.',
  })
  figures!: Readonly<Record<string, number | string>> | null;
  @ApiProperty({ example: 20_261_121 }) seed!: number;
  @ApiProperty({ example: 1 }) templateVersion!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: null,
    description: 'The version that a person wants in service: the run only ranks with it.',
  })
  promotesVersion!: number | null;
  @ApiProperty({ example: 1 }) attempt!: number;
  @ApiProperty() createdAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) startedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) finishedAt!: Date | null;
  @ApiProperty({
    type: Date,
    nullable: true,
    description: 'When the lists of the night are to be fresh; null for runs that are not of the clock.',
  })
  deadline!: Date | null;
  @ApiProperty({ description: 'Lists came after the deadline, or are not there although it has passed.' })
  late!: boolean;
  @ApiProperty({ type: RunErrorDto, nullable: true }) error!: RunErrorDto | null;
}

export class RunDto extends RunSummaryDto {
  @ApiProperty({ type: [RunStageDto], description: 'All stages of the night, in order.' })
  stages!: RunStageDto[];
  @ApiProperty({
    type: DataQualityDto,
    nullable: true,
    description: "What the night's data was like; null before its validation, and where there was no data.",
  })
  dataQuality!: DataQualityDto | null;
}

export class RequestedRunDto extends RunSummaryDto {
  @ApiProperty({ description: 'True when an unfinished run was joined instead of starting another.' })
  joined!: boolean;
}

export class RunListDto {
  @ApiProperty({ type: [RunSummaryDto], description: 'Newest first.' }) runs!: RunSummaryDto[];
}

export function toRunSummaryDto(run: Run): RunSummaryDto {
  const { runId, night, kind, trigger, status, requestedBy, seed, templateVersion, attempt, createdAt } = run;
  const error = run.errorCode === undefined ? null : { code: run.errorCode, message: run.errorMessage ?? '' };
  return {
    ...{ id: runId, night, kind, trigger, status, outcome: run.outcome ?? null },
    sentence: run.outcome === undefined ? null : outcomeSentence(run.outcome),
    ...{ requestedBy, reason: run.reason ?? null, figures: run.figures ?? null },
    ...{ seed, templateVersion, promotesVersion: run.promotesVersion ?? null, attempt, createdAt },
    ...{ startedAt: run.startedAt ?? null, finishedAt: run.finishedAt ?? null },
    ...{ deadline: run.deadline ?? null, late: isLate(run), error },
  };
}

export function toRunDto(
  run: Run & { readonly stages: readonly RunStage[] },
  report: DataQualityReport | undefined,
): RunDto {
  return {
    ...toRunSummaryDto(run),
    stages: STAGES.map((stage) => toRunStageDto(stage, run.stages)),
    dataQuality: report === undefined ? null : toDataQualityDto(report),
  };
}

/** A stage without a row has not begun: the list is always the whole night. */
function toRunStageDto(stage: StageName, rows: readonly RunStage[]): RunStageDto {
  const row = rows.find((candidate) => candidate.stage === stage);
  return {
    stage,
    status: row?.status ?? 'pending',
    progress: row?.progress ?? 0,
    startedAt: row?.startedAt ?? null,
    finishedAt: row?.finishedAt ?? null,
    error: row?.error ?? null,
    log: row?.log ?? [],
  };
}
