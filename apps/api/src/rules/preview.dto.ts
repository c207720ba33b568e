import { ApiProperty } from '@nestjs/swagger';

export const PREVIEW_EFFECTS = ['hides', 'raises', 'lowers', 'pins', 'rearranges'] as const;
export type PreviewEffect = (typeof PREVIEW_EFFECTS)[number];

export class PreviewedAnswerDto {
  @ApiProperty({ enum: ['ok', 'partial', 'none'] }) status!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) statusReason!: string | null;
  @ApiProperty({ example: ['P00042', 'P00007'] }) productIds!: string[];
}

export class PreviewCauseDto {
  @ApiProperty({ example: 'no-tobacco', description: 'A rule, or a step of re-ranking.' }) name!: string;
  @ApiProperty({ enum: PREVIEW_EFFECTS, description: 'What it does to this product.' })
  effect!: PreviewEffect;
  @ApiProperty({ example: true, description: 'Only as this request says; false: only as it is now.' })
  isNew!: boolean;
}

export class PreviewedItemDto {
  @ApiProperty({ example: 'P00042' }) productId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Green tea' }) productName!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 1, description: 'Place now, from 1.' })
  before!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: null, description: 'Place as this request says.' })
  after!: number | null;
  @ApiProperty({
    type: [PreviewCauseDto],
    description: 'What is different about this product; empty where only others have moved.',
  })
  because!: readonly PreviewCauseDto[];
}

export class PreviewedCustomerDto {
  @ApiProperty({ example: 'C001796' }) customerId!: string;
  @ApiProperty({ description: 'Under what holds now.' }) before!: PreviewedAnswerDto;
  @ApiProperty({ description: 'Under what this request says.' }) after!: PreviewedAnswerDto;
  @ApiProperty({
    type: [PreviewedItemDto],
    description: 'Every product of the two lists, in the order of the later one.',
  })
  items!: PreviewedItemDto[];
}

export class RelevanceChangeDto {
  @ApiProperty({ example: -0.021, description: 'Share won or lost: mean over customers.' }) change!: number;
  @ApiProperty({ example: -0.03, description: '95 % interval.' }) low!: number;
  @ApiProperty({ example: -0.012 }) high!: number;
  @ApiProperty({ example: 60 }) customers!: number;
}

export class PreviewDto {
  @ApiProperty({ example: 3 }) modelVersion!: number;
  @ApiProperty({ example: 20, description: 'Customers looked at.' }) looked!: number;
  @ApiProperty({ example: 7, description: 'Of these: with another list.' }) changed!: number;
  @ApiProperty({ example: 0, description: 'Of these: with nothing left to recommend.' }) withNothing!: number;
  @ApiProperty({
    type: RelevanceChangeDto,
    nullable: true,
    description:
      'What settings of re-ranking cost, by the scores of the model itself. Null for rules, and for fewer than ten customers.',
  })
  relevance!: RelevanceChangeDto | null;
  @ApiProperty({ type: [PreviewedCustomerDto] }) customers!: PreviewedCustomerDto[];
}
