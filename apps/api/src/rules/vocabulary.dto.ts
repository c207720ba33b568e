import { ApiProperty } from '@nestjs/swagger';

export class VocabularyValueDto {
  @ApiProperty({ example: 'Tea' }) value!: string;
  @ApiProperty({ example: 42, description: 'Products or customers that have it.' }) count!: number;
}

export class VocabularyFieldDto {
  @ApiProperty({ example: 'colour' }) name!: string;
  @ApiProperty({ type: [VocabularyValueDto], description: 'Commonest first, 200 at most.' })
  values!: readonly VocabularyValueDto[];
  @ApiProperty({ example: false, description: 'Whether there are more than these.' }) hasMore!: boolean;
}

export class VocabularyDto {
  @ApiProperty() categories!: VocabularyFieldDto;
  @ApiProperty() brands!: VocabularyFieldDto;
  @ApiProperty({ type: [VocabularyFieldDto] }) productAttributes!: readonly VocabularyFieldDto[];
  @ApiProperty({
    type: [VocabularyFieldDto],
    description: 'Region, country, segment, tier, age band, gender, and the tenant’s own attributes.',
  })
  customerTraits!: readonly VocabularyFieldDto[];
}
