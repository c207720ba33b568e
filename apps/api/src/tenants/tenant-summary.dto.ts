import { ApiProperty } from '@nestjs/swagger';
import {
  LIFECYCLE_STATES,
  scheduleOf,
  type LifecycleState,
  type PlannedSchedule,
  type Tenant,
  type TenantSummary,
} from '#libs/domain';

export class ServedModelDto {
  @ApiProperty({ example: 3 }) modelVersion!: number;
  @ApiProperty({ example: 'hybrid' }) algorithm!: string;
  @ApiProperty({ example: 3_018 }) customerLists!: number;
  @ApiProperty({ example: 9 }) fallbackLists!: number;
  @ApiProperty({ example: '2026-11-21T00:01:12.000Z' }) publishedAt!: Date;
}

export class ScheduleDto {
  @ApiProperty({ example: 2, description: "The tenant's local hour at which the night begins." })
  nightStartsAtHour!: number;
  @ApiProperty({ example: 6, description: 'The local hour by which its lists are to be fresh.' })
  freshByHour!: number;
  @ApiProperty({
    type: Date,
    nullable: true,
    example: '2026-11-22T01:00:00.000Z',
    description: 'Null while the recommender is off: no run then.',
  })
  nextRunAt!: Date | null;
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
  @ApiProperty() schedule!: ScheduleDto;
  @ApiProperty({
    example: 'http://127.0.0.1:3001/v1/tenants/green-grocer/recommendations',
    description: "The tenant's own endpoint, on the data plane.",
  })
  endpoint!: string;
  @ApiProperty({ type: ServedModelDto, nullable: true, description: 'Null before the first night.' })
  served!: ServedModelDto | null;
}

/** @param dataPlane address under which callers reach the data plane */
export function toTenantSummaryDto(
  tenant: Tenant,
  { served, customers, products, interactions, history }: TenantSummary,
  dataPlane: string,
  now = new Date(),
): TenantSummaryDto {
  const { slug, name, timeZone, currency, state, stateChangedAt, settings, templateVersion } = tenant;
  return {
    ...{ tenant: slug, name, timeZone, currency, state, stateChangedAt, settings, templateVersion },
    ...{ customers, products, interactions },
    schedule: toScheduleDto(scheduleOf({ tenant, history }, now)),
    endpoint: `${dataPlane}/v1/tenants/${slug}/recommendations`,
    served: served === undefined ? null : toServedModelDto(served),
  };
}

export function toScheduleDto({ nextRunAt, ...schedule }: PlannedSchedule): ScheduleDto {
  const { nightStartsAtHour, freshByHour } = schedule;
  return { nightStartsAtHour, freshByHour, nextRunAt: nextRunAt ?? null };
}

function toServedModelDto(served: NonNullable<TenantSummary['served']>): ServedModelDto {
  const { modelVersion, algorithm, customerLists, fallbackLists, publishedAt } = served;
  return { modelVersion, algorithm, customerLists, fallbackLists, publishedAt };
}
