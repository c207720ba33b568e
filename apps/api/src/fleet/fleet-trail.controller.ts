import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { FleetTrailRepository, verifyAuditTrail } from '#libs/domain';
import { ForOperators } from '#libs/http';
import {
  AuditPageDto,
  AuditQueryDto,
  AuditVerificationDto,
  toAuditedChangeDto,
  toVerificationDto,
} from '../audit/audit.dto.js';

@ForOperators('fleet')
@Controller('v1/fleet/trail')
export class FleetTrailController {
  constructor(private readonly trail: FleetTrailRepository) {}

  @Get()
  @ApiOperation({ summary: 'What operators have changed in the fleet, when and why' })
  @ApiOkResponse({ type: AuditPageDto })
  async page(@Query() { limit, before }: AuditQueryDto): Promise<AuditPageDto> {
    return { entries: (await this.trail.page(limit, before)).map(toAuditedChangeDto) };
  }

  @Get('verification')
  @ApiOperation({ summary: 'Follow the chain of hashes from the first entry to the last' })
  @ApiOkResponse({ type: AuditVerificationDto })
  async verify(): Promise<AuditVerificationDto> {
    const { head, entries } = await this.trail.read();
    return toVerificationDto(await verifyAuditTrail(head, entries));
  }
}
