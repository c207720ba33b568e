import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { BULK_ACTIONS, type BulkAction, type BulkResult, type OnboardingReport } from '#libs/domain';
import { FleetFilterDto } from './fleet-tenants.dto.js';
import { ReasonDto } from './rollout.dto.js';

export class PreviewBulkDto {
  @ApiProperty({
    enum: BULK_ACTIONS,
    description: 'freeze those that are on, switch the others on, start a run.',
  })
  @IsIn(BULK_ACTIONS)
  action!: BulkAction;

  @ApiProperty({ type: FleetFilterDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => FleetFilterDto)
  filter!: FleetFilterDto;
}

export class BulkPreviewDto {
  @ApiProperty({ description: 'Stands for exactly these tenants.' }) token!: string;
  @ApiProperty({ type: 'integer', example: 37 }) count!: number;
  @ApiProperty({ type: [String], example: ['green-grocer'], description: 'Some of them.' })
  sample!: readonly string[];
  @ApiProperty({ example: '2026-11-21T10:40:00.000Z' }) expiresAt!: Date;
}

export class ExecuteBulkDto extends ReasonDto {
  @ApiProperty({ maxLength: 100, example: 'kq3mZ0zT0m3k0b6m1mPq3ZyBv0JX8d2m4o2q1u7x9aE' })
  @IsString()
  @MaxLength(100)
  token!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 37, description: 'The number that was counted.' })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  count!: number;
}

export class FailedTenantDto {
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'tenantOff' }) code!: string;
  @ApiProperty() message!: string;
}

export class BulkResultDto {
  @ApiProperty({ type: 'integer', example: 37 }) changed!: number;
  @ApiProperty({ type: 'integer', example: 0 }) unchanged!: number;
  @ApiProperty({ type: [FailedTenantDto] }) failed!: FailedTenantDto[];
}

export class OnboardDto {
  @ApiProperty({
    maxLength: 1_000_000,
    example:
      'slug,name,timeZone,currency,adminEmail\nblue-bakery,Blue Bakery,Europe/Oslo,NOK,bea@blue.example\n',
  })
  @IsString()
  @MaxLength(1_000_000)
  csv!: string;

  @ApiPropertyOptional({ default: false, description: 'Only say what would come of it.' })
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

export class OnboardedTenantDto {
  @ApiProperty({ type: 'integer', example: 1, description: 'From 1, without the header.' }) row!: number;
  @ApiProperty({ example: 'blue-bakery' }) tenant!: string;
  @ApiProperty({ type: String, nullable: true, description: 'For the link to the invitation; shown once.' })
  invitationToken!: string | null;
}

export class RejectedTenantDto {
  @ApiProperty({ type: 'integer', example: 2 }) row!: number;
  @ApiProperty({ type: String, nullable: true, example: 'timeZone' }) field!: string | null;
  @ApiProperty({ example: 'unknownTimeZone' }) code!: string;
  @ApiProperty({ example: 'must be an IANA time zone' }) message!: string;
}

export class OnboardingReportDto {
  @ApiProperty({ type: 'integer', example: 120 }) read!: number;
  @ApiProperty({ type: [OnboardedTenantDto] }) created!: OnboardedTenantDto[];
  @ApiProperty({ type: 'integer', example: 0 }) alreadyKnown!: number;
  @ApiProperty({ type: [RejectedTenantDto] }) rejected!: RejectedTenantDto[];
}

export function toBulkResultDto({ changed, unchanged, failed }: BulkResult): BulkResultDto {
  return {
    changed,
    unchanged,
    failed: failed.map(({ tenant, code, message }) => ({ tenant, code, message })),
  };
}

export function toOnboardingReportDto(report: OnboardingReport): OnboardingReportDto {
  return {
    ...{ read: report.read, alreadyKnown: report.alreadyKnown },
    created: report.created.map(({ row, tenant, invitationToken }) => ({
      ...{ row, tenant, invitationToken: invitationToken ?? null },
    })),
    rejected: report.rejected.map(({ row, field, code, message }) => ({
      ...{ row, field: field ?? null, code, message },
    })),
  };
}
