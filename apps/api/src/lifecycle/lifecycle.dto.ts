import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { LIFECYCLE_STATES, type LifecycleState } from '#libs/domain';
import { IsPlainText } from '#libs/http';

export class ChangeLifecycleDto {
  @ApiProperty({ enum: LIFECYCLE_STATES, example: 'frozen' })
  @IsIn(LIFECYCLE_STATES)
  state!: LifecycleState;

  @ApiProperty({ example: 'Christmas prices go live tonight', maxLength: 500 })
  @IsPlainText(500)
  reason!: string;
}

export class LifecycleDto {
  @ApiProperty({ enum: LIFECYCLE_STATES, example: 'frozen' }) state!: LifecycleState;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) changedAt!: Date;
}

export class LifecycleChangedDto extends LifecycleDto {
  @ApiProperty({ description: 'False when the state was already so; nothing is recorded then.' })
  changed!: boolean;
}

export class LifecycleChangeDto {
  @ApiProperty({ format: 'uuid' }) changeId!: string;
  @ApiProperty({ enum: LIFECYCLE_STATES, example: 'on' }) fromState!: LifecycleState;
  @ApiProperty({ enum: LIFECYCLE_STATES, example: 'frozen' }) toState!: LifecycleState;
  @ApiProperty({ example: 'Christmas prices go live tonight' }) reason!: string;
  @ApiProperty({ example: 'console (4f1d0c2b9a8e7d66)' }) actor!: string;
  @ApiProperty({ example: '2026-11-20T16:45:00.000Z' }) changedAt!: Date;
}

export class LifecycleHistoryDto {
  @ApiProperty({ type: [LifecycleChangeDto], description: 'Newest first.' })
  changes!: readonly LifecycleChangeDto[];
}
