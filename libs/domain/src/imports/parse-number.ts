export type NumberFault = 'notANumber' | 'notFinite';

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const NOT_FINITE = /^[+-]?(?:inf(?:inity)?|nan)$/i;
const SPACES = /[\u0020\u00a0\u202f]/g;

/** Reads numbers as people write them in one country; compiled once per column. */
export class NumberParser {
  private readonly divisor: number | undefined;
  private readonly grouped: RegExp | undefined;

  constructor(
    private readonly decimal: '.' | ',' = '.',
    private readonly thousands: string | undefined = undefined,
    private readonly factor: number = 1,
  ) {
    // Dividing by 100 rounds once, multiplying by 0.01 twice: 19.99 instead of 19.990000000000002.
    const inverse = 1 / factor;
    this.divisor =
      factor !== 1 && Math.abs(inverse - Math.round(inverse)) < 1e-9 ? Math.round(inverse) : undefined;
    this.grouped =
      thousands === undefined || thousands === ' ' ? undefined : groupsOfThree(thousands, decimal);
  }

  /** The number, or why there is none. */
  parse(text: string): number | NumberFault {
    const plain = this.decimal === '.' && this.thousands === undefined ? text : this.toPlain(text);
    if (!PLAIN.test(plain)) return NOT_FINITE.test(text) ? 'notFinite' : 'notANumber';
    return this.scale(Number(plain));
  }

  scale(value: number): number | NumberFault {
    if (!Number.isFinite(value)) return 'notFinite';
    if (this.factor === 1) return value;
    const scaled =
      this.divisor === undefined ? Number((value * this.factor).toPrecision(15)) : value / this.divisor;
    return Number.isFinite(scaled) ? scaled : 'notFinite';
  }

  private toPlain(text: string): string {
    let plain = text;
    if (this.thousands === ' ') plain = plain.replace(SPACES, '');
    else if (this.thousands !== undefined) {
      // "1,5" with a comma for thousands is a decimal comma in disguise: better an error than 15.
      if (plain.includes(this.thousands) && !this.grouped?.test(plain)) return '';
      plain = plain.replaceAll(this.thousands, '');
    }
    if (this.decimal === '.') return plain;
    return plain.includes('.') ? '' : plain.replace(',', '.');
  }
}

function groupsOfThree(thousands: string, decimal: string): RegExp {
  const escape = (character: string) => character.replace(/[.']/g, '\\$&');
  return new RegExp(`^[+-]?\\d{1,3}(?:${escape(thousands)}\\d{3})+(?:${escape(decimal)}\\d*)?$`);
}
