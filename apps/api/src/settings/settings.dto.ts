import { createHash } from 'node:crypto';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import type { JudgedAgain, SettingInForce, SettingsPreview, SettingsView } from '#libs/domain';
import { IsPlainText } from '#libs/http';
import { ScheduleDto, toScheduleDto } from '../tenants/tenant-summary.dto.js';

const VALUE = { oneOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'string' }, { type: 'null' }] };
const OWN = {
  type: 'object' as const,
  additionalProperties: true,
  example: { nightStartsAtHour: 2, gate: { ndcgMargin: 0.02 } },
  description: 'What the tenant has set itself, by name; `gate` and `retention` are objects.',
};

export class PreviewSettingsDto {
  @ApiProperty(OWN) @IsObject() settings!: object;
  @ApiPropertyOptional({ example: 'Europe/Berlin', maxLength: 64, description: 'As it is if absent.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  timeZone?: string;
}

export class ChangeSettingsDto extends PreviewSettingsDto {
  @ApiProperty({ example: 'The stock file comes at one in the morning now', maxLength: 500 })
  @IsPlainText(500)
  reason!: string;
}

export class SettingDto {
  @ApiProperty({ example: 'gate.ndcgMargin' }) name!: string;
  @ApiProperty({ ...VALUE, example: 0.02, description: 'Null: for good.' }) value!: number | boolean | null;
  @ApiProperty({ ...VALUE, example: 0.05, description: 'What holds without a value of one’s own.' })
  templateValue!: number | boolean | null;
  @ApiProperty({ enum: ['tenant', 'template'], example: 'tenant' }) source!: SettingInForce['source'];
  @ApiProperty({ type: Number, nullable: true, example: 0 }) minimum!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 1 }) maximum!: number | null;
  @ApiProperty({ example: false, description: 'Whether only whole numbers will do.' }) whole!: boolean;
}

export class PlatformSettingsDto {
  @ApiProperty({ example: 'hybrid' }) algorithm!: string;
  @ApiProperty({ example: 0 }) tuningSeconds!: number;
}

export class SettingsDto {
  @ApiProperty({ example: 4, description: 'Goes up with every change; also in `ETag`.' }) version!: number;
  @ApiProperty({ example: 1 }) templateVersion!: number;
  @ApiProperty({ example: 'Europe/Berlin' }) timeZone!: string;
  @ApiProperty(OWN) settings!: object;
  @ApiProperty({ type: [SettingDto] }) inForce!: SettingDto[];
  @ApiProperty({ description: 'What only the platform’s operators change.' }) platform!: PlatformSettingsDto;
}

export class SettingsChangedDto extends SettingsDto {
  @ApiProperty() schedule!: ScheduleDto;
}

export class SettingDifferenceDto {
  @ApiProperty({ example: 'gate.ndcgMargin' }) name!: string;
  @ApiProperty({ ...VALUE, example: 0.05 }) from!: number | boolean | string | null;
  @ApiProperty({ ...VALUE, example: 0.02 }) to!: number | boolean | string | null;
}

export class JudgementDto {
  @ApiProperty({ example: true }) promoted!: boolean;
  @ApiProperty({ example: 'Retrained tonight, the taste model is as good as before or better.' })
  sentence!: string;
}

export class JudgedAgainDto implements JudgedAgain {
  @ApiProperty({ format: 'uuid' }) runId!: string;
  @ApiProperty({ example: 'refresh' }) lane!: string;
  @ApiProperty({ example: 3 }) challengerVersion!: number;
  @ApiProperty() before!: JudgementDto;
  @ApiProperty({ description: 'The same numbers, judged by these margins.' }) after!: JudgementDto;
}

export class SettingsPreviewDto {
  @ApiProperty() schedule!: ScheduleDto;
  @ApiProperty({ type: [SettingDifferenceDto] }) changes!: readonly SettingDifferenceDto[];
  @ApiProperty({
    type: [JudgedAgainDto],
    description: 'The newest comparisons, as far as their numbers can be judged by another gate.',
  })
  verdicts!: readonly JudgedAgainDto[];
}

export function toSettingsDto(view: SettingsView): SettingsDto {
  const { version, templateVersion, timeZone, own: settings, platform } = view;
  return {
    ...{ version, templateVersion, timeZone, settings },
    inForce: view.inForce.map(({ name, value, templateValue, source, range }) => ({
      ...{ name, value, templateValue, source },
      ...{ minimum: range?.min ?? null, maximum: range?.max ?? null, whole: range?.integer ?? false },
    })),
    platform: { algorithm: platform.recipe.algorithm, tuningSeconds: platform.tuningSeconds },
  };
}

export function toSettingsPreviewDto({ schedule, changes, verdicts }: SettingsPreview): SettingsPreviewDto {
  return { schedule: toScheduleDto(schedule), changes, verdicts };
}

/** Begins with the version, which is all that a change is held against; the rest tells one representation from another. */
export function tagOf(dto: SettingsDto): string {
  const rest = createHash('sha256').update(JSON.stringify(dto)).digest('base64url').slice(0, 16);
  return `"${dto.version}-${rest}"`;
}
