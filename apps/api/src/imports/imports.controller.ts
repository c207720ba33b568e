import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import {
  ImportService,
  InvalidInputError,
  MappingCatalogue,
  parseImportMapping,
  parseImportMappingText,
  type ImportMapping,
  type Tenant,
} from '#libs/domain';
import {
  ApiProblems,
  ApiTenantRoutes,
  CurrentActor,
  CurrentTenant,
  OpenToMembers,
  RequireScope,
} from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import {
  ImportListDto,
  ImportQueryDto,
  ImportReportDto,
  ImportResultDto,
  toImportReportDto,
  toImportResultDto,
} from './import.dto.js';
import { ImportSlots } from './import-slots.js';
import { readBody } from './read-body.js';
import { IMPORT_CONTENT_TYPES } from './register-import-bodies.js';

const MAPPING_HEADER = 'x-nightshift-mapping';
const DESCRIPTION = `The body is the file: CSV, NDJSON or Parquet, gzip or not. Every good row lands, every bad row is named.
Sent again it counts once; broken off it leaves nothing. The mapping is one that ships (query \`mapping\`) or your own (header
\`X-Nightshift-Mapping\`, base64url of its JSON).`;

@ApiTenantRoutes('imports')
@Controller('v1/tenants/:tenant/imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportService,
    private readonly mappings: MappingCatalogue,
    private readonly slots: ImportSlots,
  ) {}

  @Post()
  @RequireScope('data')
  @ApiOperation({ summary: 'Bring a file in', description: DESCRIPTION })
  @ApiConsumes(...IMPORT_CONTENT_TYPES)
  @RouteConfig({ accepts: IMPORT_CONTENT_TYPES })
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiHeader({
    name: 'X-Nightshift-Mapping',
    required: false,
    description: 'base64url of the JSON of a mapping',
  })
  @ApiCreatedResponse({ type: ImportResultDto })
  @ApiProblems(413, 415, 429)
  async create(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: string,
    @Query() query: ImportQueryDto,
    @Headers(MAPPING_HEADER) ownMapping: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<ImportResultDto> {
    const mapping = await this.chooseMapping(query.mapping, ownMapping);
    const { body } = request;
    if (!(body instanceof Readable)) {
      throw new InvalidInputError(
        'noFile',
        `Send the file as the body, as one of ${IMPORT_CONTENT_TYPES.join(', ')}.`,
      );
    }
    let giveBack: (() => void) | undefined;
    try {
      giveBack = this.slots.take(tenant.id);
      const source = readBody(body);
      const sourceName = query.source ?? 'upload';
      const result = await this.imports.import({ tenant, mapping, source, sourceName, requestedBy: actor });
      return toImportResultDto(tenant.slug, result);
    } finally {
      giveBack?.();
      body.resume();
    }
  }

  @Get()
  @RequireScope('data')
  @OpenToMembers()
  @ApiOperation({ summary: 'The latest imports' })
  @ApiOkResponse({ type: ImportListDto })
  async list(@CurrentTenant() tenant: Tenant, @Query() { limit }: ListQueryDto): Promise<ImportListDto> {
    const reports = await this.imports.list(tenant, limit);
    return { imports: reports.map((report) => toImportReportDto(tenant.slug, report)) };
  }

  @Get(':importId')
  @RequireScope('data')
  @OpenToMembers()
  @ApiParam({ name: 'importId', format: 'uuid' })
  @ApiOperation({ summary: 'How an import stands' })
  @ApiOkResponse({ type: ImportReportDto })
  async get(@CurrentTenant() tenant: Tenant, @Param('importId') importId: string): Promise<ImportReportDto> {
    return toImportReportDto(tenant.slug, await this.imports.get(tenant, importId));
  }

  @Get(':importId/rejected')
  @RequireScope('data')
  @OpenToMembers()
  @ApiParam({ name: 'importId', format: 'uuid' })
  @ApiOperation({ summary: 'Every rejected row with its errors, one JSON object per line' })
  @ApiOkResponse({ content: { 'application/x-ndjson': { schema: { type: 'string', format: 'binary' } } } })
  async rejected(
    @CurrentTenant() tenant: Tenant,
    @Param('importId') importId: string,
  ): Promise<StreamableFile> {
    const file = await this.imports.openRejected(tenant, importId);
    return new StreamableFile(Readable.from(file, { objectMode: false }), {
      type: 'application/x-ndjson',
      disposition: `attachment; filename="${importId.toLowerCase()}.rejected.ndjson"`,
    });
  }

  private async chooseMapping(name: string | undefined, own: string | undefined): Promise<ImportMapping> {
    if ((name === undefined) === (own === undefined)) {
      throw new InvalidInputError(
        'mappingRequired',
        'Name a mapping that ships (query "mapping") or send your own (header X-Nightshift-Mapping).',
      );
    }
    if (name !== undefined) return parseImportMapping(await this.mappings.find(name));
    return parseImportMappingText(Buffer.from(own ?? '', 'base64url').toString('utf8'));
  }
}
