import { ApiProperty } from '@nestjs/swagger';
import {
  judgeTenants,
  LIFECYCLE_STATES,
  SIZE_COHORTS,
  AGE_COHORTS,
  TROUBLES,
  versionsOf,
  type AgeCohort,
  type FleetTenantRecord,
  type LifecycleState,
  type OperatorVisit,
  type SizeCohort,
  type Trouble,
} from '#libs/domain';
import { toVisitDto, VisitDto } from '../accounts/member.dto.js';

export class StateOnRecordDto {
  @ApiProperty({ enum: LIFECYCLE_STATES }) from!: LifecycleState;
  @ApiProperty({ enum: LIFECYCLE_STATES }) to!: LifecycleState;
  @ApiProperty({ example: 'Prices are wrong until Monday' }) reason!: string;
  @ApiProperty({ example: 'Anna Adler <anna@green-grocer.example>' }) actor!: string;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) at!: Date;
}

export class TemplateOnRecordDto {
  @ApiProperty({ type: 'integer', example: 2 }) version!: number;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) since!: Date;
}

/** Numbers, states and what people said about them, never the tenant's data. */
export class FleetTenantDto {
  @ApiProperty({ example: 'green-grocer' }) tenant!: string;
  @ApiProperty({ example: 'Green Grocer' }) name!: string;
  @ApiProperty({ example: 'Europe/Berlin' }) timeZone!: string;
  @ApiProperty({ enum: LIFECYCLE_STATES }) state!: LifecycleState;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) stateChangedAt!: Date;
  @ApiProperty({ example: '2026-03-01T09:00:00.000Z' }) createdAt!: Date;
  @ApiProperty({ enum: SIZE_COHORTS }) size!: SizeCohort;
  @ApiProperty({ enum: AGE_COHORTS }) age!: AgeCohort;
  @ApiProperty({ type: 'integer', nullable: true, example: 87_609 }) interactions!: number | null;
  @ApiProperty({ enum: TROUBLES, isArray: true, description: 'The worst first.' }) troubles!: Trouble[];
  @ApiProperty({ type: 'integer', example: 1_200 }) requestsToday!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: no limit.' }) requestsPerDay!:
    number | null;
  @ApiProperty({ type: [StateOnRecordDto], description: 'Newest first, 50 at most.' })
  states!: StateOnRecordDto[];
  @ApiProperty({ type: [TemplateOnRecordDto], description: 'Newest first.' })
  templates!: TemplateOnRecordDto[];
  @ApiProperty({ type: [VisitDto], description: 'When operators were inside; newest first.' })
  visits!: VisitDto[];
}

export function toFleetTenantDto(
  { tenant, timeZone, changes, rollouts }: FleetTenantRecord,
  visits: readonly OperatorVisit[],
  now: Date,
): FleetTenantDto {
  const [{ slug, name, state, stateChangedAt, createdAt, size, age, interactions, troubles, ...judged }] =
    judgeTenants([tenant], now);
  const later = versionsOf({ rollouts }, tenant).map(({ version, from }) => ({
    version,
    since: new Date(from),
  }));
  const first = { version: rollouts.at(0)?.formerVersion ?? tenant.templateVersion, since: createdAt };
  return {
    ...{ tenant: slug, name, timeZone, state, stateChangedAt, createdAt, size, age },
    ...{ interactions: interactions ?? null, troubles: [...troubles] },
    ...{ requestsToday: judged.requestsToday, requestsPerDay: judged.requestsPerDay ?? null },
    states: changes.map((change) => ({ ...change })),
    templates: [first, ...later]
      .filter(({ since }, index) => index > 0 || later.at(0)?.since.getTime() !== since.getTime())
      .reverse(),
    visits: visits.map(toVisitDto),
  };
}
