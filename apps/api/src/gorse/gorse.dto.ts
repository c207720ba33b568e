import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const ID = { minLength: 1, maxLength: 200 };
const LABELS = {
  description: 'A list, kept as the attribute `labels`, or an object of attributes.',
  oneOf: [
    { type: 'array', items: { type: 'string' } },
    { type: 'object', additionalProperties: true },
  ],
};

/** For the documentation: rows are checked one by one. */
export class GorseItemDto {
  @ApiProperty({ ...ID, example: 'P00042' }) ItemId!: string;
  @ApiPropertyOptional({ default: false, description: 'Hidden is retired: in no list from now on.' })
  IsHidden?: boolean;
  @ApiPropertyOptional({
    type: [String],
    example: ['Tea'],
    description: "The first is the product's category.",
  })
  Categories?: string[];
  @ApiPropertyOptional({ format: 'date-time', description: 'When it went on sale.' }) Timestamp?: string;
  @ApiPropertyOptional(LABELS) Labels?: unknown;
  @ApiPropertyOptional({ description: 'Kept as the description.' }) Comment?: string;
}

/** For the documentation: rows are checked one by one. */
export class GorseUserDto {
  @ApiProperty({ ...ID, example: 'C001796' }) UserId!: string;
  @ApiPropertyOptional(LABELS) Labels?: unknown;
}

export class GorseRejectedRowDto {
  @ApiProperty({ example: 2, description: 'Place in the list, from 0.' }) index!: number;
  @ApiProperty({ example: 'ItemId', description: 'Empty when the row is no object.' }) field!: string;
  @ApiProperty({ example: 'missing' }) code!: string;
  @ApiProperty() message!: string;
}

export class GorseRowsAnswerDto {
  @ApiProperty({ example: 2, description: 'Rows that were new or changed something.' }) RowAffected!: number;
  @ApiProperty({ type: [GorseRejectedRowDto], description: 'Not in Gorse: the rows that were not taken.' })
  Rejected!: readonly GorseRejectedRowDto[];
}
