import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { MemberService, NotFoundError, OperatorVisitService, type Tenant } from '#libs/domain';
import { ApiProblems, ApiTenantRoutes, CurrentActor, CurrentTenant, RequireScope } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';
import {
  ChangeRoleDto,
  CreatedInvitationDto,
  InviteDto,
  MemberListDto,
  toInvitationDto,
  toVisitDto,
  VisitListDto,
} from './member.dto.js';

const ACCOUNT_ID = { name: 'accountId', format: 'uuid', example: 'c0f5b9e4-2f7a-4d25-9d1b-8a4a06f3f1d2' };
const INVITATION_ID = { ...ACCOUNT_ID, name: 'invitationId' };

@ApiTenantRoutes('members')
@RequireScope('admin')
@Controller('v1/tenants/:tenant')
export class MembersController {
  constructor(
    private readonly members: MemberService,
    private readonly visits: OperatorVisitService,
  ) {}

  @Get('members')
  @RequireScope('read', 'admin')
  @ApiOperation({ summary: 'Who belongs to the tenant, and who is invited' })
  @ApiOkResponse({ type: MemberListDto })
  async list(@CurrentTenant() tenant: Tenant): Promise<MemberListDto> {
    const [members, invitations] = [await this.members.list(tenant), await this.members.invitations(tenant)];
    return { members, invitations: invitations.map(toInvitationDto) };
  }

  @Post('members/invitations')
  @ApiOperation({ summary: 'Invite somebody; the link is in this answer and never again' })
  @ApiCreatedResponse({ type: CreatedInvitationDto })
  @ApiProblems(409, 413, 415)
  async invite(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() invitedBy: string,
    @Body() { email, role }: InviteDto,
  ): Promise<CreatedInvitationDto> {
    const { invitation, token } = await this.members.invite(tenant, { email, role, invitedBy });
    return { ...toInvitationDto(invitation), link: `/invitations/${token}` };
  }

  @Delete('members/invitations/:invitationId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Withdraw an invitation' })
  @ApiParam(INVITATION_ID)
  @ApiNoContentResponse()
  async withdraw(
    @CurrentTenant() tenant: Tenant,
    @Param('invitationId') invitationId: string,
  ): Promise<void> {
    if (!isUUID(invitationId)) throw new NotFoundError('invitation', invitationId);
    await this.members.withdraw(tenant, invitationId);
  }

  @Patch('members/:accountId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Another role' })
  @ApiParam(ACCOUNT_ID)
  @ApiNoContentResponse()
  @ApiProblems(409, 413, 415)
  async changeRole(
    @CurrentTenant() tenant: Tenant,
    @Param('accountId') accountId: string,
    @Body() { role }: ChangeRoleDto,
  ): Promise<void> {
    if (!isUUID(accountId)) throw new NotFoundError('member', accountId);
    await this.members.changeRole(tenant, accountId, role);
  }

  @Delete('members/:accountId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Belongs no more to the tenant, at once' })
  @ApiParam(ACCOUNT_ID)
  @ApiNoContentResponse()
  @ApiProblems(409)
  async remove(@CurrentTenant() tenant: Tenant, @Param('accountId') accountId: string): Promise<void> {
    if (!isUUID(accountId)) throw new NotFoundError('member', accountId);
    await this.members.remove(tenant, accountId);
  }

  @Get('visits')
  @RequireScope('read', 'admin')
  @ApiOperation({ summary: 'When operators of the platform were inside, and why' })
  @ApiOkResponse({ type: VisitListDto })
  async operatorVisits(
    @CurrentTenant() tenant: Tenant,
    @Query() { limit }: ListQueryDto,
  ): Promise<VisitListDto> {
    return { visits: (await this.visits.list(tenant, limit)).map(toVisitDto) };
  }
}
