import { ApiProperty } from '@nestjs/swagger';
import {
  DATA_QUALITY_CODES,
  type DataQualityFinding,
  type DataQualityNumbers,
  type DataQualityReport,
} from '#libs/domain';

export class DataQualityNumbersDto implements DataQualityNumbers {
  @ApiProperty({ example: 262_114 }) rows!: number;
  @ApiProperty({ example: 3_018 }) customers!: number;
  @ApiProperty({ example: 812 }) products!: number;
  @ApiProperty({ example: 4_120, description: 'Negative quantities: on record, out of training.' })
  returns!: number;
  @ApiProperty({ example: 12, description: 'Negative amounts: on record, out of training.' })
  refunds!: number;
  @ApiProperty({ example: 310, description: 'Free of charge: they stay.' }) zeroPrice!: number;
  @ApiProperty({ example: 8_211 }) withoutCustomer!: number;
  @ApiProperty({ example: 257_982, description: 'Rows that may teach.' }) kept!: number;
  @ApiProperty({ example: 0.984, description: 'Their share of all rows.' }) retention!: number;
  @ApiProperty({ example: 3, description: 'Products whose prices vary by more than their mean.' })
  extremePriceProducts!: number;
  @ApiProperty({ format: 'date-time', description: 'Newest moment in the data.' }) watermark!: string;
}

export class DataQualityFindingDto {
  @ApiProperty({ enum: DATA_QUALITY_CODES, example: 'volumeCollapsed' }) code!: DataQualityFinding['code'];
  @ApiProperty({ description: 'Whether it kept the data out of training.' }) blocking!: boolean;
  @ApiProperty({ example: '900 rows, where the last accepted night had 2,000.' }) message!: string;
}

export class DataQualityDto {
  @ApiProperty({ description: 'False when the night did not train because of its data.' }) passed!: boolean;
  @ApiProperty() numbers!: DataQualityNumbersDto;
  @ApiProperty({ type: [DataQualityFindingDto] }) findings!: readonly DataQualityFindingDto[];
}

export function toDataQualityDto({ passed, numbers, findings }: DataQualityReport): DataQualityDto {
  return { passed, numbers, findings };
}
