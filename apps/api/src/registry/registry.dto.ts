import { ApiProperty } from '@nestjs/swagger';
import {
  MODEL_VERSION_STATUSES,
  VERDICT_LANES,
  type ModelVersion,
  type ModelVersionStatus,
  type RegistryChange,
  type Run,
  type ServingPointer,
  type StoredVerdict,
} from '#libs/domain';
import { IsPlainText } from '#libs/http';

export class RollBackDto {
  @ApiProperty({ example: 'The new lists push sold-out products', maxLength: 500 })
  @IsPlainText(500)
  reason!: string;
}

export class PromoteDto {
  @ApiProperty({ example: 'Wider range for the fair, agreed with sales', maxLength: 500 })
  @IsPlainText(500)
  reason!: string;
}

export class PendingPromotionDto {
  @ApiProperty({ format: 'uuid' }) runId!: string;
  @ApiProperty({ example: 'anna@lamp-shop.example' }) requestedBy!: string;
  @ApiProperty() requestedAt!: Date;
}

export class ModelVersionDto {
  @ApiProperty({ example: 3 }) version!: number;
  @ApiProperty({ enum: MODEL_VERSION_STATUSES, example: 'champion' }) status!: ModelVersionStatus;
  @ApiProperty({ description: 'Whether the endpoint answers from this version now.' }) serving!: boolean;
  @ApiProperty({ example: 'hybrid' }) algorithm!: string;
  @ApiProperty({ type: Object, example: { ials: 0.4, 'item-cf': 0.4, popularity: 0.2 } }) params!: object;
  @ApiProperty({ format: 'uuid' }) runId!: string;
  @ApiProperty({ example: 20_261_121 }) seed!: number;
  @ApiProperty({ description: 'Newest moment in the data that it saw.' }) watermark!: Date;
  @ApiProperty({ example: '9b74c9897bac770ffc029102a200c5de' }) snapshotHash!: string;
  @ApiProperty() holdoutFrom!: Date;
  @ApiProperty({ example: '0.1.0' }) codeVersion!: string;
  @ApiProperty({ type: Object, example: { holdout: { rmse: 0.41, 'ndcg@10': 0.23 } } }) metrics!: object;
  @ApiProperty({ example: 7.3 }) trainingSeconds!: number;
  @ApiProperty() artifactSha256!: string;
  @ApiProperty() createdAt!: Date;
  @ApiProperty({
    type: Date,
    nullable: true,
    description: 'When a night made it champion; rollbacks do not count.',
  })
  promotedAt!: Date | null;
  @ApiProperty({
    type: PendingPromotionDto,
    nullable: true,
    description: 'While it ranks everybody because a person chose it; it serves when its lists are there.',
  })
  ranking!: PendingPromotionDto | null;
}

export class ModelVersionListDto {
  @ApiProperty({ type: [ModelVersionDto], description: 'Newest first.' }) models!: ModelVersionDto[];
}

export class RegistryChangeDto {
  @ApiProperty({ format: 'uuid' }) changeId!: string;
  @ApiProperty({ type: Number, nullable: true, example: 3 }) fromVersion!: number | null;
  @ApiProperty({ example: 2 }) toVersion!: number;
  @ApiProperty({ example: 'The new lists push sold-out products' }) reason!: string;
  @ApiProperty({ example: 'console (4f1d0c2b9a8e7d66)' }) actor!: string;
  @ApiProperty() changedAt!: Date;
}

export class RegistryHistoryDto {
  @ApiProperty({ type: [RegistryChangeDto], description: 'Newest first.' }) changes!: RegistryChangeDto[];
}

export class VerdictDto {
  @ApiProperty({ format: 'uuid' }) runId!: string;
  @ApiProperty({ enum: VERDICT_LANES, example: 'refresh' }) lane!: string;
  @ApiProperty({ type: Number, nullable: true, example: 2 }) championVersion!: number | null;
  @ApiProperty({ example: 3 }) challengerVersion!: number;
  @ApiProperty() promoted!: boolean;
  @ApiProperty({ example: 'notWorse' }) reasonCode!: string;
  @ApiProperty({ example: 'Retrained on newer data, the combined model is as good as before or better.' })
  sentence!: string;
  @ApiProperty({ type: Object, description: 'Everything that the decision was made of.' }) numbers!: object;
  @ApiProperty() createdAt!: Date;
}

export class VerdictListDto {
  @ApiProperty({ type: [VerdictDto], description: 'Newest first.' }) verdicts!: VerdictDto[];
}

export class ServingPointerDto {
  @ApiProperty({ example: 2 }) modelVersion!: number;
  @ApiProperty({ example: 5, description: 'Goes up by one with every move.' }) revision!: number;
  @ApiProperty({ format: 'uuid' }) publicationId!: string;
  @ApiProperty() movedAt!: Date;
}

/** Where files lie is the platform's business and not part of the answer. */
export function toModelVersionDto(
  model: ModelVersion,
  servedVersion: number | undefined,
  promotion: Run | undefined,
): ModelVersionDto {
  const { version, status, recipe, runId, seed, watermark, snapshotHash, holdoutFrom } = model;
  const { codeVersion, metrics, trainingSeconds, artifactSha256, createdAt } = model;
  return {
    ...{
      version,
      status,
      serving: version === servedVersion,
      algorithm: recipe.algorithm,
      params: recipe.params,
    },
    ...{ runId, seed, watermark, snapshotHash, holdoutFrom, codeVersion, metrics, trainingSeconds },
    ...{ artifactSha256, createdAt, promotedAt: model.promotedAt ?? null },
    ranking: promotion?.promotesVersion === version ? toPendingPromotionDto(promotion) : null,
  };
}

function toPendingPromotionDto({ runId, requestedBy, createdAt }: Run): PendingPromotionDto {
  return { runId, requestedBy, requestedAt: createdAt };
}

export function toRegistryChangeDto(change: RegistryChange): RegistryChangeDto {
  return { ...change, fromVersion: change.fromVersion ?? null };
}

export function toVerdictDto(verdict: StoredVerdict): VerdictDto {
  return { ...verdict, championVersion: verdict.championVersion ?? null };
}

export function toServingPointerDto(pointer: ServingPointer): ServingPointerDto {
  const { modelVersion, revision, publicationId, movedAt } = pointer;
  return { modelVersion, revision, publicationId, movedAt };
}
