import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import {
  AccountService,
  NotFoundError,
  OperatorVisitService,
  TenantRepository,
  type SignedIn,
} from '#libs/domain';
import { ApiProblems, CurrentSignedIn, ForOperators } from '#libs/http';
import { AccountListDto, StartedVisitDto, StartVisitDto, toListedAccountDto } from './operator.dto.js';

const VISIT_ID = { name: 'visitId', format: 'uuid', example: 'c0f5b9e4-2f7a-4d25-9d1b-8a4a06f3f1d2' };
const EMAIL = { name: 'email', example: 'anna@green-grocer.example' };

@ForOperators('operators')
@Controller('v1')
export class OperatorsController {
  constructor(
    private readonly accounts: AccountService,
    private readonly visits: OperatorVisitService,
    private readonly tenants: TenantRepository,
  ) {}

  @Post('visits')
  @ApiOperation({
    summary: 'Into a tenant, with a reason and for a while',
    description: 'Opens all addresses of the tenant for this session. The tenant sees who, when and why.',
  })
  @ApiCreatedResponse({ type: StartedVisitDto })
  @ApiProblems(404, 413, 415)
  async startVisit(
    @CurrentSignedIn() { account }: SignedIn,
    @Body() { tenant: slug, reason, minutes }: StartVisitDto,
  ): Promise<StartedVisitDto> {
    const tenant = await this.tenants.findBySlug(slug);
    if (tenant === undefined) throw new NotFoundError('tenant', slug);
    return this.visits.start(account, tenant, { reason, minutes });
  }

  @Delete('visits/:visitId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Out again' })
  @ApiParam(VISIT_ID)
  @ApiNoContentResponse()
  @ApiProblems(404)
  async endVisit(@CurrentSignedIn() { account }: SignedIn, @Param('visitId') visitId: string): Promise<void> {
    if (!isUUID(visitId)) throw new NotFoundError('visit', visitId);
    await this.visits.end(account, visitId);
  }

  @Get('accounts')
  @ApiOperation({ summary: 'Everybody who may sign in' })
  @ApiOkResponse({ type: AccountListDto })
  async list(): Promise<AccountListDto> {
    return { accounts: (await this.accounts.list()).map(toListedAccountDto) };
  }

  @Post('accounts/:email/unlock')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Let somebody in again after too many wrong passwords' })
  @ApiParam(EMAIL)
  @ApiNoContentResponse()
  @ApiProblems(404)
  async unlock(@Param('email') email: string): Promise<void> {
    await this.accounts.unlock(email);
  }

  @Post('accounts/:email/disable')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Signed out everywhere, and no way in' })
  @ApiParam(EMAIL)
  @ApiNoContentResponse()
  @ApiProblems(404)
  async disable(@Param('email') email: string): Promise<void> {
    await this.accounts.disable(email);
  }

  @Post('accounts/:email/enable')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'May sign in again' })
  @ApiParam(EMAIL)
  @ApiNoContentResponse()
  @ApiProblems(404)
  async enable(@Param('email') email: string): Promise<void> {
    await this.accounts.enable(email);
  }
}
