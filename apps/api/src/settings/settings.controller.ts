import { Body, Controller, Get, Headers, HttpCode, HttpStatus, Post, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { TenantSettingsService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentTenant, RequireScope } from '#libs/http';
import { toScheduleDto } from '../tenants/tenant-summary.dto.js';
import { expectedVersionOf } from './if-match.js';
import {
  ChangeSettingsDto,
  PreviewSettingsDto,
  SettingsChangedDto,
  SettingsDto,
  SettingsPreviewDto,
  tagOf,
  toSettingsDto,
  toSettingsPreviewDto,
} from './settings.dto.js';

@ApiTenantRoutes('settings')
@Controller('v1/tenants/:tenant/settings')
export class SettingsController {
  constructor(private readonly settings: TenantSettingsService) {}

  @Get()
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'Schedule, gate and windows: what holds, and whether the tenant or the template says so',
  })
  @ApiOkResponse({ type: SettingsDto })
  async current(
    @CurrentTenant() tenant: Tenant,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingsDto> {
    const dto = toSettingsDto(await this.settings.current(tenant));
    void reply.header('ETag', tagOf(dto));
    return dto;
  }

  @Put()
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Replace what the tenant has set itself',
    description:
      'What is left out takes the template’s value again. Holds from the next night on, which the answer names; the window of attribution is counted afresh within a quarter of an hour. Who, when, why, before and after are recorded.',
  })
  @ApiHeader({
    name: 'If-Match',
    required: true,
    example: '*',
    description: 'The `ETag` of the settings that you have seen, or `*`.',
  })
  @ApiOkResponse({ type: SettingsChangedDto })
  @ApiProblems(412, 413, 415, 428)
  async change(
    @CurrentTenant() tenant: Tenant,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: ChangeSettingsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingsChangedDto> {
    const expectedVersion = expectedVersionOf(ifMatch);
    const { view, schedule } = await this.settings.change(tenant, { ...body, expectedVersion });
    const dto = toSettingsDto(view);
    void reply.header('ETag', tagOf(dto));
    return { ...dto, schedule: toScheduleDto(schedule) };
  }

  @Post('preview')
  @HttpCode(HttpStatus.OK)
  @RequireScope('read', 'data', 'admin')
  @ApiOperation({
    summary: 'What these settings would change',
    description:
      'Nothing is saved: the values that differ, the next night, and the newest verdicts judged by these margins.',
  })
  @ApiOkResponse({ type: SettingsPreviewDto })
  @ApiProblems(413, 415)
  async preview(
    @CurrentTenant() tenant: Tenant,
    @Body() body: PreviewSettingsDto,
  ): Promise<SettingsPreviewDto> {
    return toSettingsPreviewDto(await this.settings.preview(tenant, body));
  }
}
