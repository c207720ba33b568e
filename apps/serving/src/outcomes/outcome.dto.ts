import { ArrayMaxSize, IsArray } from 'class-validator';

export const MAXIMUM_EVENTS = 1_000;

export class OutcomesDto {
  /** Each row is checked for itself: good rows land, and bad ones come back with their index. */
  @IsArray() @ArrayMaxSize(MAXIMUM_EVENTS) events!: unknown[];
}
