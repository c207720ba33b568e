import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  alertsOf,
  FleetAlertService,
  FleetReadModel,
  FleetRunRepository,
  lifecycleRates,
  nameOfActor,
  type SignedIn,
} from '#libs/domain';
import { ApiProblems, CurrentSignedIn, ForOperators } from '#libs/http';
import { FleetQueues } from './fleet-queues.service.js';
import {
  AlertThresholdsDto,
  ChangeAlertsDto,
  CostsQueryDto,
  FleetCostsDto,
  FleetRunListDto,
  FleetRunsQueryDto,
  FleetWorkDto,
  RatesDto,
  RatesQueryDto,
  toFleetRunDto,
  toRateSeriesDto,
  toWorkerDto,
} from './fleet-report.dto.js';

const WEEK_MS = 7 * 86_400_000;

@ForOperators('fleet')
@Controller('v1/fleet')
export class FleetReportController {
  constructor(
    private readonly fleet: FleetReadModel,
    private readonly runRepository: FleetRunRepository,
    private readonly alerts: FleetAlertService,
    private readonly queues: FleetQueues,
  ) {}

  @Get('rates')
  @ApiOperation({ summary: 'How often tenants freeze and switch off, week by week' })
  @ApiOkResponse({ type: RatesDto })
  async rates(@Query() { by, weeks }: RatesQueryDto): Promise<RatesDto> {
    const now = new Date();
    const evidence = await this.fleet.rateEvidence(new Date(now.getTime() - weeks * WEEK_MS), by);
    const thresholds = await this.fleet.alertThresholds();
    const series = lifecycleRates(evidence, by, weeks, now);
    return { by, thresholds, alerts: alertsOf(series, thresholds), series: series.map(toRateSeriesDto) };
  }

  @Put('alert-thresholds')
  @ApiOperation({ summary: 'Above which rates of the last seven days to be alarmed' })
  @ApiOkResponse({ type: AlertThresholdsDto })
  @ApiProblems(413, 415)
  changeAlerts(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() { freezesPerWeek, turnOffsPerWeek, reason }: ChangeAlertsDto,
  ): Promise<AlertThresholdsDto> {
    return this.alerts.change({ freezesPerWeek, turnOffsPerWeek }, reason, nameOfActor(account));
  }

  @Get('work')
  @ApiOperation({ summary: 'Workers, queues and unfinished runs' })
  @ApiOkResponse({ type: FleetWorkDto })
  async work(): Promise<FleetWorkDto> {
    const now = new Date();
    const [workers, queues, unfinishedRuns] = await Promise.all([
      this.fleet.workers(),
      this.queues.counts(),
      this.runRepository.countByStatus(),
    ]);
    return {
      workers: workers.map((worker) => toWorkerDto(worker, now)),
      queues: queues ?? null,
      unfinishedRuns: { ...unfinishedRuns },
    };
  }

  @Get('runs')
  @ApiOperation({ summary: 'The newest runs of all tenants, of one, or those of a night that cost most' })
  @ApiOkResponse({ type: FleetRunListDto })
  async runs(@Query() query: FleetRunsQueryDto): Promise<FleetRunListDto> {
    const { status, late, tenant, night, limit } = query;
    const filter = { status, tenant, night, late: late === undefined ? undefined : late === 'true' };
    return { runs: (await this.fleet.runs(filter, limit)).map(toFleetRunDto) };
  }

  @Get('costs')
  @ApiOperation({ summary: 'What nights have cost: CPU time, and bytes written' })
  @ApiOkResponse({ type: FleetCostsDto })
  async costs(@Query() { nights }: CostsQueryDto): Promise<FleetCostsDto> {
    return { nights: await this.fleet.costs(nights) };
  }
}
