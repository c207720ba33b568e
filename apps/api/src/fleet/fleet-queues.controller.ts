import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { Job } from 'bullmq';
import { FleetReadModel, NotFoundError } from '#libs/domain';
import { ApiProblems, ForOperators } from '#libs/http';
import { QUEUES } from '#libs/jobs';
import { JobListDto, JobsQueryDto, type JobDto } from './fleet-queue.dto.js';
import { FleetQueues } from './fleet-queues.service.js';

/** Read only: jobs are news of what stands in PostgreSQL, and nobody mends a run by touching the news of it. */
@ForOperators('fleet')
@Controller('v1/fleet/queues')
export class FleetQueuesController {
  constructor(
    private readonly queues: FleetQueues,
    private readonly fleet: FleetReadModel,
  ) {}

  @Get(':queue/jobs')
  @ApiOperation({
    summary: 'Jobs of a queue by state: of which tenant, how often tried, how old, what went wrong',
  })
  @ApiParam({ name: 'queue', example: 'training' })
  @ApiOkResponse({ type: JobListDto })
  @ApiProblems(404)
  async jobs(@Param('queue') queue: string, @Query() { state, limit }: JobsQueryDto): Promise<JobListDto> {
    if (!QUEUES.includes(queue)) throw new NotFoundError('queue', queue.slice(0, 100));
    const jobs = await this.queues.jobs(queue, state, limit);
    if (jobs === undefined) return { queue, state, jobs: null };
    const slugs = await this.fleet.slugs(jobs.flatMap(({ data }) => data.tenantId ?? []));
    return { queue, state, jobs: jobs.map((job) => toJobDto(job, slugs)) };
  }
}

function toJobDto(job: Job<{ tenantId?: number }>, slugs: ReadonlyMap<number, string>): JobDto {
  const moment = (ms: number | undefined) => (ms === undefined ? null : new Date(ms));
  return {
    jobId: job.id ?? '',
    name: job.name,
    tenant: slugs.get(job.data.tenantId ?? -1) ?? null,
    attempts: job.attemptsStarted,
    createdAt: new Date(job.timestamp),
    startedAt: moment(job.processedOn),
    endedAt: moment(job.finishedOn),
    // BullMQ says so as an empty text, or not at all.
    error: job.failedReason || null,
  };
}
