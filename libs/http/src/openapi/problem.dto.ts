import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FieldErrorDto {
  @ApiProperty({ example: 'reason' }) field!: string;
  @ApiProperty({ example: 'isString' }) code!: string;
  @ApiProperty({ example: 'reason must be a string' }) message!: string;
}

/** The shape of every error answer; built by the platform's one filter. */
export class ProblemDto {
  @ApiProperty({ example: 'urn:nightshift:problem:notFound' }) type!: string;
  @ApiProperty({ example: 'Not Found' }) title!: string;
  @ApiProperty({ example: 404 }) status!: number;
  @ApiProperty({ example: 'There is no tenant "green-grocer".' }) detail!: string;
  @ApiProperty({ example: 'notFound', description: 'Stable: decide by this, not by the text.' })
  code!: string;
  @ApiProperty({ example: '3f0a2c1e-7b1f-4a53-9a53-0f6f6a1f2b11', description: 'The request id.' })
  instance!: string;
  @ApiPropertyOptional({ type: [FieldErrorDto] }) errors?: FieldErrorDto[];
}
