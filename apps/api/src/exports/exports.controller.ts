import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Query,
  StreamableFile,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { EXPORT_KEPT_DAYS, ListExportService, type ExportFormat, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import { ExportDto, ExportHistoryDto, ExportListDto, ExportOptionsDto, toExportDto } from './export.dto.js';

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};
const FILE = Object.fromEntries(
  Object.values(MEDIA_TYPES).map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
);
const EXPORT_ID = { name: 'exportId', format: 'uuid' };

@ApiTenantRoutes('exports')
@RequireScope('data')
@Controller('v1/tenants/:tenant/exports')
export class ExportsController {
  constructor(private readonly exports: ListExportService) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    summary: 'A file of all ranked lists, for a campaign',
    description: `A row for each product of each customer, with the id that feedback echoes; customers with nothing have a row with
the reason. Follow its progress, and fetch the file within ${EXPORT_KEPT_DAYS} days.`,
  })
  @ApiAcceptedResponse({ type: ExportDto })
  @ApiProblems(400, 413, 415, 429)
  async request(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Body() options: ExportOptionsDto,
  ): Promise<ExportDto> {
    return toExportDto(tenant.slug, await this.exports.request(tenant, { ...options }, actor));
  }

  @Get()
  @ApiOperation({ summary: 'The newest exports' })
  @ApiOkResponse({ type: ExportListDto })
  @ApiProblems(400)
  async list(@CurrentTenant() tenant: Tenant, @Query() { limit }: ListQueryDto): Promise<ExportListDto> {
    const found = await this.exports.list(tenant, limit);
    return { exports: found.map((one) => toExportDto(tenant.slug, one)) };
  }

  @Get(':exportId')
  @ApiParam(EXPORT_ID)
  @ApiOperation({ summary: 'How an export stands' })
  @ApiOkResponse({ type: ExportDto })
  async get(@CurrentTenant() tenant: Tenant, @Param('exportId') exportId: string): Promise<ExportDto> {
    return toExportDto(tenant.slug, await this.exports.get(tenant, exportId));
  }

  @Get(':exportId/history')
  @ApiParam(EXPORT_ID)
  @ApiOperation({ summary: 'Who asked for it, who fetched it, and when the file was deleted' })
  @ApiOkResponse({ type: ExportHistoryDto })
  async history(
    @CurrentTenant() tenant: Tenant,
    @Param('exportId') exportId: string,
  ): Promise<ExportHistoryDto> {
    return { events: await this.exports.events(tenant, exportId) };
  }

  @Get(':exportId/file')
  @ApiParam(EXPORT_ID)
  @ApiOperation({ summary: 'The file; who fetches it is recorded' })
  @ApiOkResponse({ content: FILE })
  @ApiProblems(409)
  async file(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Param('exportId') exportId: string,
  ): Promise<StreamableFile> {
    const { found, file } = await this.exports.download(tenant, exportId, actor);
    const { format } = found.options;
    return new StreamableFile(Readable.from(file, { objectMode: false }), {
      type: MEDIA_TYPES[format],
      disposition: `attachment; filename="${found.exportId}.${format}"`,
      length: found.bytes,
    });
  }
}
