import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsDate,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxDate,
  MaxLength,
  MinDate,
} from 'class-validator';
import type { FoundProduct } from '#libs/domain';
import { IsPlainText } from '#libs/http';
import { ListQueryDto } from '../openapi/list-query.dto.js';

/** Imports refuse ids with control characters, so no product can have one. */
const WITHOUT_CONTROL_CHARACTERS = /^\P{Cc}*$/u;
const MOMENT = { type: String, format: 'date-time', nullable: true } as const;
const [EARLIEST, LATEST] = [new Date('1900-01-01T00:00:00Z'), new Date('2999-12-31T23:59:59Z')];

export class ProductParamsDto {
  @IsString() tenant!: string;
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'P00042' })
  @IsString()
  @Length(1, 200)
  @Matches(WITHOUT_CONTROL_CHARACTERS, { message: '$property must not contain control characters' })
  productId!: string;
}

export class ProductsQueryDto extends ListQueryDto {
  @ApiPropertyOptional({
    example: 'tea',
    maxLength: 200,
    description: 'With what the id begins, or what the name holds, in capitals or not.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;
  @ApiPropertyOptional({
    type: [String],
    maxItems: 200,
    description: 'These products instead, as far as they are known.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value))
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  productId?: string[];
}

export class FoundProductDto {
  @ApiProperty({ example: 'P00042' }) productId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Green tea' }) name!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Tea' }) category!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Leaf' }) brand!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 4.5 }) price!: number | null;
}

export class ProductListDto {
  @ApiProperty({ type: [FoundProductDto] }) products!: FoundProductDto[];
}

export class SetAvailabilityDto {
  @ApiPropertyOptional({
    default: false,
    description: 'In no list, whatever files say, until it is shown again.',
  })
  @IsOptional()
  @IsBoolean()
  hidden?: boolean;
  @ApiPropertyOptional({ ...MOMENT, description: 'In no list before. Absent: since ever.' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  @MinDate(EARLIEST)
  @MaxDate(LATEST)
  availableFrom?: Date;
  @ApiPropertyOptional({
    ...MOMENT,
    example: '2026-11-20T16:45:00Z',
    description: 'In no list from then on. Absent: not retired, or sold again.',
  })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  @MinDate(EARLIEST)
  @MaxDate(LATEST)
  retiredAt?: Date;
  @ApiProperty({ example: 'Recalled by the maker', maxLength: 500 }) @IsPlainText(500) reason!: string;
}

export class AvailabilityDto {
  @ApiProperty({ example: 'P00042' }) productId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Green tea' }) name!: string | null;
  @ApiProperty({ description: 'Whether it may be in lists at this moment; rules may still keep it out.' })
  isOffered!: boolean;
  @ApiProperty({ example: false }) hidden!: boolean;
  @ApiProperty({ ...MOMENT, example: null }) availableFrom!: Date | null;
  @ApiProperty({ ...MOMENT, example: '2026-11-20T16:45:00.000Z' }) retiredAt!: Date | null;
}

export class AvailabilityChangeDto {
  @ApiProperty({ example: false }) hidden!: boolean;
  @ApiProperty({ ...MOMENT, example: null }) availableFrom!: Date | null;
  @ApiProperty({ ...MOMENT, example: '2026-11-20T16:45:00.000Z' }) retiredAt!: Date | null;
  @ApiProperty({ example: 'Recalled by the maker' }) reason!: string;
  @ApiProperty({ example: 'console (4f1d0c2b9a8e7d66)' }) actor!: string;
  @ApiProperty({ example: '2026-11-20T16:44:58.000Z' }) changedAt!: Date;
}

export class AvailabilityHistoryDto {
  @ApiProperty({
    type: [AvailabilityChangeDto],
    description: 'Newest first; what files said is not among these.',
  })
  changes!: readonly AvailabilityChangeDto[];
}

export function toFoundProductDto({
  productId,
  name,
  category,
  brand,
  price,
}: FoundProduct): FoundProductDto {
  return {
    ...{ productId, name: name ?? null, category: category ?? null },
    ...{ brand: brand ?? null, price: price ?? null },
  };
}
