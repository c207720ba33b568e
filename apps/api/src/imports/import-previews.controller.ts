import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ImportPreviewService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { ImportPreviewDto, PreviewImportDto, toImportPreviewDto } from './import-preview.dto.js';

@ApiTenantRoutes('imports')
@Controller('v1/tenants/:tenant/imports/preview')
export class ImportPreviewsController {
  constructor(private readonly previews: ImportPreviewService) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @RequireScope('data')
  @ApiOperation({
    summary: 'What the beginning of a file would become, and a mapping to start from',
    description:
      'Nothing is stored. Rows go through the code that imports them, so that each error is the one of the import.',
  })
  @ApiOkResponse({ type: ImportPreviewDto })
  @ApiProblems(400, 413, 415)
  async preview(
    @CurrentTenant() tenant: Tenant,
    @Body() { sample, mapping, entity, count }: PreviewImportDto,
  ): Promise<ImportPreviewDto> {
    const request = { sample, mapping, entity };
    return toImportPreviewDto(await this.previews.preview(request, tenant.timeZone, count));
  }
}
