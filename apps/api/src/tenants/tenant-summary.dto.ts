import { ApiProperty } from '@nestjs/swagger';
import { LIFECYCLE_STATES, type LifecycleState, type Tenant, type TenantSummary } from '#libs/domain';

export class ServedModelDto {
  @ApiProperty({ example: 3 }) modelVersion!: number;
  @ApiProperty({ example: 'hybrid' }) algorithm!: string;
  @ApiProperty({ example: 3_018 }) customerLists!: number;
  @ApiProperty({ example: 9 }) fallbackLists!: number;
  @ApiProperty({ example: '2026-11-21T00:01:12.000Z' }) publishedAt!: Date;
}

export class TenantSummaryDto {
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'Green Grocer' }) name!: string;
  @ApiProperty({ example: 'Europe/Berlin' }) timeZone!: string;
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ enum: LIFECYCLE_STATES, example: 'on' }) state!: LifecycleState;
  @ApiProperty({ example: '2026-11-20T09:00:00.000Z' }) stateChangedAt!: Date;
  @ApiProperty({ type: Object, example: { repeatPurchases: true } }) settings!: object;
  @ApiProperty({ example: 1 }) templateVersion!: number;
  @ApiProperty({ example: 3_018 }) customers!: number;
  @ApiProperty({ example: 812 }) products!: number;
  @ApiProperty({ example: 262_114 }) interactions!: number;
  @ApiProperty({ type: ServedModelDto, nullable: true, description: 'Null before the first night.' })
  served!: ServedModelDto | null;
}

export function toTenantSummaryDto(tenant: Tenant, { served, ...counts }: TenantSummary): TenantSummaryDto {
  const { slug, name, timeZone, currency, state, stateChangedAt, settings, templateVersion } = tenant;
  const profile = {
    tenant: slug,
    name,
    timeZone,
    currency,
    state,
    stateChangedAt,
    settings,
    templateVersion,
  };
  return { ...profile, ...counts, served: served === undefined ? null : toServedModelDto(served) };
}

function toServedModelDto(served: NonNullable<TenantSummary['served']>): ServedModelDto {
  const { modelVersion, algorithm, customerLists, fallbackLists, publishedAt } = served;
  return { modelVersion, algorithm, customerLists, fallbackLists, publishedAt };
}
