import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import {
  LONGEST_PASSWORD,
  MEMBER_ROLES,
  SHORTEST_PASSWORD,
  type Invitation,
  type MemberRole,
  type OperatorVisit,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

export class InviteDto {
  @ApiProperty({ example: 'ben@green-grocer.example', maxLength: 254 })
  @IsPlainText(254)
  email!: string;

  @ApiProperty({ enum: MEMBER_ROLES, example: 'analyst' })
  @IsIn(MEMBER_ROLES)
  role!: MemberRole;
}

export class ChangeRoleDto {
  @ApiProperty({ enum: MEMBER_ROLES, example: 'admin' })
  @IsIn(MEMBER_ROLES)
  role!: MemberRole;
}

export class AcceptInvitationDto {
  @ApiProperty({ example: 'Ben Brook', maxLength: 100 })
  @IsPlainText(100)
  name!: string;

  @ApiProperty({
    format: 'password',
    minLength: SHORTEST_PASSWORD,
    maxLength: LONGEST_PASSWORD,
    example: 'nine louder lighthouses',
    description: 'A new one; the present one of somebody who has an account.',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_PASSWORD)
  password!: string;
}

export class MemberDto {
  @ApiProperty({ format: 'uuid' }) accountId!: string;
  @ApiProperty({ example: 'anna@green-grocer.example' }) email!: string;
  @ApiProperty({ example: 'Anna Adler' }) name!: string;
  @ApiProperty({ enum: MEMBER_ROLES, example: 'admin' }) role!: MemberRole;
  @ApiProperty({ example: '2026-11-02T08:00:00.000Z' }) since!: Date;
}

export class InvitationDto {
  @ApiProperty({ format: 'uuid' }) invitationId!: string;
  @ApiProperty({ example: 'ben@green-grocer.example' }) email!: string;
  @ApiProperty({ enum: MEMBER_ROLES, example: 'analyst' }) role!: MemberRole;
  @ApiProperty({ example: 'Anna Adler <anna@green-grocer.example>' }) invitedBy!: string;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) createdAt!: Date;
  @ApiProperty({ example: '2026-11-27T16:45:00.000Z' }) expiresAt!: Date;
}

export class CreatedInvitationDto extends InvitationDto {
  @ApiProperty({
    example: '/invitations/4HvK…',
    description: 'Path in the console, for the invited person alone. Shown this once and kept nowhere.',
  })
  link!: string;
}

export class MemberListDto {
  @ApiProperty({ type: [MemberDto] }) members!: MemberDto[];
  @ApiProperty({ type: [InvitationDto], description: 'Open ones, newest first.' })
  invitations!: InvitationDto[];
}

export class PresentedInvitationDto {
  @ApiProperty({ example: 'ben@green-grocer.example' }) email!: string;
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'Green Grocer' }) tenantName!: string;
  @ApiProperty({ enum: MEMBER_ROLES, example: 'analyst' }) role!: MemberRole;
  @ApiProperty({ example: '2026-11-27T16:45:00.000Z' }) expiresAt!: Date;
}

export class VisitDto {
  @ApiProperty({ format: 'uuid' }) visitId!: string;
  @ApiProperty({ example: 'Olga Otto <olga@platform.example>' }) operator!: string;
  @ApiProperty({ example: 'Ticket 4711: lists were late' }) reason!: string;
  @ApiProperty({ example: '2026-11-21T10:00:00.000Z' }) startedAt!: Date;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) until!: Date;
  @ApiProperty({ type: Date, nullable: true }) endedAt!: Date | null;
}

export class VisitListDto {
  @ApiProperty({ type: [VisitDto], description: 'Newest first.' }) visits!: VisitDto[];
}

export function toInvitationDto(invitation: Invitation): InvitationDto {
  const { invitationId, email, role, invitedBy, createdAt, expiresAt } = invitation;
  return { invitationId, email, role, invitedBy, createdAt, expiresAt };
}

export function toVisitDto({
  visitId,
  operator,
  reason,
  startedAt,
  until,
  endedAt,
}: OperatorVisit): VisitDto {
  return { visitId, operator, reason, startedAt, until, endedAt: endedAt ?? null };
}
