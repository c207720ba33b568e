import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataQualityRepository, logText, RunService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import {
  RequestedRunDto,
  RequestRunDto,
  RunDto,
  RunListDto,
  RunsQueryDto,
  toRunDto,
  toRunSummaryDto,
} from './run.dto.js';

@ApiTenantRoutes('runs')
@Controller('v1/tenants/:tenant/runs')
export class RunsController {
  constructor(
    private readonly runs: RunService,
    private readonly quality: DataQualityRepository,
  ) {}

  @Post()
  @RequireScope('data', 'admin')
  @ApiOperation({
    summary: "Start tonight's run by hand, or one for a past night",
    description:
      'One run of a tenant at a time: a second request joins the first and answers 200 instead of 202. For past nights up to 100 runs may wait beside it; one more is refused with 429, and those that wait stay.',
  })
  @ApiAcceptedResponse({ type: RequestedRunDto, description: 'A new run was put into the queue.' })
  @ApiOkResponse({ type: RequestedRunDto, description: 'An unfinished run was joined.' })
  @ApiProblems(409, 413, 415, 429)
  async request(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() requestedBy: string,
    @Body() { reason, seed, night }: RequestRunDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedRunDto> {
    const { run, joined } = await this.runs.request(tenant, { requestedBy, reason, seed, night });
    void reply.code(joined ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return { ...toRunSummaryDto(run), joined };
  }

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'The newest runs' })
  @ApiOkResponse({ type: RunListDto })
  async list(@CurrentTenant() tenant: Tenant, @Query() { limit, late }: RunsQueryDto): Promise<RunListDto> {
    return { runs: (await this.runs.list(tenant, limit, late === 'true')).map(toRunSummaryDto) };
  }

  @Get(':runId')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'One run with the progress of its stages and what its data was like' })
  @ApiParam({ name: 'runId', example: '7c9e6679-7425-40de-944b-e07fc1f90ae7' })
  @ApiOkResponse({ type: RunDto })
  async get(@CurrentTenant() tenant: Tenant, @Param('runId') runId: string): Promise<RunDto> {
    const run = await this.runs.get(tenant, runId);
    return toRunDto(run, await this.quality.find(tenant.id, run.runId));
  }

  @Get(':runId/log')
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({ summary: 'What the stages of a run said of themselves, as text' })
  @ApiParam({ name: 'runId', example: '7c9e6679-7425-40de-944b-e07fc1f90ae7' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async log(
    @CurrentTenant() tenant: Tenant,
    @Param('runId') runId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { stages, ...run } = await this.runs.get(tenant, runId);
    void reply
      .header('Content-Type', 'text/plain; charset=utf-8')
      .header('Content-Disposition', `attachment; filename="run-${run.night}-${run.runId}.txt"`);
    return logText(run, stages);
  }
}
