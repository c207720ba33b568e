import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';

// A NUL is what Postgres cannot store; line breaks and tabs are a person's own.
const WITHOUT_NUL = /^[^\u0000]*$/;
// Half of a surrogate pair would be stored as a replacement character: not what was written.
const WELL_FORMED = /^[^\p{Cs}]*$/u;

/** A text that a person writes: neither empty nor endless, and storable. */
export function IsPlainText(maximumLength: number): PropertyDecorator {
  return applyDecorators(
    IsString(),
    MinLength(1),
    MaxLength(maximumLength),
    Matches(WITHOUT_NUL, { message: '$property must not contain a NUL character' }),
    Matches(WELL_FORMED, { message: '$property must not contain half of a surrogate pair' }),
  );
}
