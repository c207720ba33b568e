import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { ListQueryDto } from '../openapi/list-query.dto.js';

export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;
export type JobState = (typeof JOB_STATES)[number];

export class QueueDto {
  @ApiProperty({ example: 'training' }) name!: string;
  @ApiProperty({ type: 'integer' }) waiting!: number;
  @ApiProperty({ type: 'integer' }) active!: number;
  @ApiProperty({ type: 'integer' }) delayed!: number;
  @ApiProperty({ type: 'integer' }) failed!: number;
  @ApiProperty({ type: 'integer' }) completed!: number;
}

export class JobsQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ enum: JOB_STATES, default: 'failed' })
  @IsOptional()
  @IsIn(JOB_STATES)
  state: JobState = 'failed';
}

export class JobDto {
  @ApiProperty({ example: 'run-7c9e6679-7425-40de-944b-e07fc1f90ae7-1' }) jobId!: string;
  @ApiProperty({ example: 'run-pipeline' }) name!: string;
  @ApiProperty({ type: String, nullable: true, example: 'green-grocer' }) tenant!: string | null;
  @ApiProperty({ type: 'integer', example: 1, description: 'How often a worker took it.' }) attempts!: number;
  @ApiProperty({ example: '2026-11-21T00:03:11.000Z' }) createdAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) startedAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) endedAt!: Date | null;
  @ApiProperty({ type: String, nullable: true, example: 'train: factors: -1 is not an integer in [1, 512]' })
  error!: string | null;
}

export class JobListDto {
  @ApiProperty({ example: 'training' }) queue!: string;
  @ApiProperty({ enum: JOB_STATES }) state!: JobState;
  @ApiProperty({
    type: [JobDto],
    nullable: true,
    description: 'Newest first, the next first where they wait. Null: Redis does not answer.',
  })
  jobs!: JobDto[] | null;
}
