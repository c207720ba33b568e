import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import {
  completeTemplate,
  type ListedTemplateVersion,
  type PipelineTemplate,
  type TemplateVersion,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

const SETTINGS = {
  example: { params: { ials: { factors: 64 } }, gate: { refreshMargin: 0.01 } },
  description:
    'What is different from the first version: `algorithms`, `params` by algorithm, `recipe`, `tuningSeconds`, `halfLifeDays`, ' +
    '`popularityHalfLifeDays`, `listLength`, `gate`.',
};

export class RegisterTemplateDto {
  @ApiProperty({ type: Object, ...SETTINGS })
  @IsObject()
  settings!: object;

  @ApiProperty({ example: 'Half the factors: cheaper nights', maxLength: 500 })
  @IsPlainText(500)
  note!: string;
}

export class TemplateVersionDto {
  @ApiProperty({ type: 'integer', example: 2 }) version!: number;
  @ApiProperty({ type: Object, ...SETTINGS }) settings!: object;
  @ApiProperty({ example: 'Half the factors: cheaper nights' }) note!: string;
  @ApiProperty({ example: 'Olga Otto <olga@platform.example>' }) registeredBy!: string;
  @ApiProperty({ example: '2026-11-21T10:30:00.000Z' }) registeredAt!: Date;
}

export class ListedTemplateVersionDto extends TemplateVersionDto {
  @ApiProperty({ type: 'integer', example: 40, description: 'Tenants that have it now.' }) tenants!: number;
  @ApiProperty({ description: 'Whether new tenants get it.' }) inUse!: boolean;
}

export class TemplateListDto {
  @ApiProperty({ type: [ListedTemplateVersionDto], description: 'Newest first.' })
  templates!: ListedTemplateVersionDto[];
}

export class CompleteTemplateDto extends TemplateVersionDto {
  @ApiProperty({ type: Object, description: 'Everything that a night by this version goes by.' })
  template!: PipelineTemplate;
}

export function toTemplateVersionDto(version: TemplateVersion): TemplateVersionDto {
  const { settings, note, registeredBy, registeredAt } = version;
  return { version: version.version, settings, note, registeredBy, registeredAt };
}

export function toListedTemplateDto(version: ListedTemplateVersion): ListedTemplateVersionDto {
  return { ...toTemplateVersionDto(version), tenants: version.tenants, inUse: version.inUse };
}

export function toCompleteTemplateDto(version: TemplateVersion): CompleteTemplateDto {
  return { ...toTemplateVersionDto(version), template: completeTemplate(version.version, version.settings) };
}
