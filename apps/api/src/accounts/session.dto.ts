import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import {
  LONGEST_PASSWORD,
  MEMBER_ROLES,
  SHORTEST_PASSWORD,
  type MemberRole,
  type SignedIn,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

export class SignInDto {
  @ApiProperty({ example: 'anna@green-grocer.example', maxLength: 254 })
  @IsPlainText(254)
  email!: string;

  @ApiProperty({ example: 'seven quiet ferries', format: 'password', maxLength: LONGEST_PASSWORD })
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_PASSWORD)
  password!: string;
}

export class ChangePasswordDto {
  @ApiProperty({ format: 'password', maxLength: LONGEST_PASSWORD, example: 'seven quiet ferries' })
  @IsString()
  @MaxLength(LONGEST_PASSWORD)
  current!: string;

  @ApiProperty({
    format: 'password',
    minLength: SHORTEST_PASSWORD,
    maxLength: LONGEST_PASSWORD,
    example: 'nine louder lighthouses',
  })
  @IsString()
  @MaxLength(LONGEST_PASSWORD)
  next!: string;
}

export class AccountDto {
  @ApiProperty({ format: 'uuid' }) accountId!: string;
  @ApiProperty({ example: 'anna@green-grocer.example' }) email!: string;
  @ApiProperty({ example: 'Anna Adler' }) name!: string;
  @ApiProperty({ description: 'Of the platform: sees the fleet.' }) isOperator!: boolean;
}

export class MembershipDto {
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'Green Grocer' }) tenantName!: string;
  @ApiProperty({ enum: MEMBER_ROLES, example: 'admin' }) role!: MemberRole;
}

export class OwnVisitDto {
  @ApiProperty({ format: 'uuid' }) visitId!: string;
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'Green Grocer' }) tenantName!: string;
  @ApiProperty({ example: 'Ticket 4711: lists were late' }) reason!: string;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) until!: Date;
}

export class SessionDto {
  @ApiProperty() account!: AccountDto;
  @ApiProperty({ type: [MembershipDto] }) memberships!: MembershipDto[];
  @ApiProperty({ type: [OwnVisitDto], description: 'Tenants that an operator is inside of now.' })
  visits!: OwnVisitDto[];
  @ApiProperty({ description: 'Send it as `X-CSRF-Token` with every request that changes something.' })
  csrfToken!: string;
  @ApiProperty({ example: '2026-11-28T09:00:00.000Z' }) expiresAt!: Date;
}

export class ProviderDto {
  @ApiProperty({ example: 'single sign-on' }) name!: string;
  @ApiProperty({ example: '/v1/session/oidc' }) startUrl!: string;
}

export class ProvidersDto {
  @ApiProperty({ type: [ProviderDto] }) providers!: ProviderDto[];
}

/** Without the internal numbers of tenants. */
export function toSessionDto({ account, memberships, visits, csrfToken, expiresAt }: SignedIn): SessionDto {
  const { accountId, email, name, isOperator } = account;
  return {
    account: { accountId, email, name, isOperator },
    memberships: memberships.map(({ tenant, tenantName, role }) => ({ tenant, tenantName, role })),
    visits: visits.map(({ visitId, tenant, tenantName, reason, until }) => ({
      ...{ visitId, tenant, tenantName, reason, until },
    })),
    ...{ csrfToken, expiresAt },
  };
}
