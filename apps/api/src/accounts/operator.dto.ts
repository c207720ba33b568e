import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { LONGEST_VISIT_MINUTES, type ListedAccount } from '#libs/domain';
import { IsPlainText } from '#libs/http';
import { AccountDto, MembershipDto } from './session.dto.js';

export class StartVisitDto {
  @ApiProperty({ example: 'green-grocer' })
  @Matches(/^[a-z0-9-]{1,63}$/, { message: 'tenant must be the name of a tenant in addresses' })
  tenant!: string;

  @ApiProperty({
    example: 'Ticket 4711: lists were late',
    maxLength: 500,
    description: 'The tenant reads it.',
  })
  @IsPlainText(500)
  reason!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: LONGEST_VISIT_MINUTES, default: 30 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_VISIT_MINUTES)
  minutes: number = 30;
}

export class StartedVisitDto {
  @ApiProperty({ format: 'uuid' }) visitId!: string;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) until!: Date;
}

export class ListedAccountDto extends AccountDto {
  @ApiProperty({ type: [MembershipDto] }) memberships!: MembershipDto[];
  @ApiProperty({ type: Date, nullable: true }) lockedUntil!: Date | null;
  @ApiProperty({ type: Date, nullable: true }) disabledAt!: Date | null;
  @ApiProperty({ example: '2026-11-02T08:00:00.000Z' }) createdAt!: Date;
}

export class AccountListDto {
  @ApiProperty({ type: [ListedAccountDto] }) accounts!: ListedAccountDto[];
}

export function toListedAccountDto(account: ListedAccount): ListedAccountDto {
  const { accountId, email, name, isOperator, memberships, createdAt } = account;
  return {
    ...{ accountId, email, name, isOperator, createdAt },
    ...{ lockedUntil: account.lockedUntil ?? null, disabledAt: account.disabledAt ?? null },
    memberships: memberships.map(({ tenant, tenantName, role }) => ({ tenant, tenantName, role })),
  };
}
