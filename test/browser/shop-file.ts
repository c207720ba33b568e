import { gzipSync } from 'node:zlib';

const DAY_MS = 86_400_000;
const KINDS = ['LAMP', 'CANDLE', 'MUG', 'FRAME', 'BOX', 'CLOCK'];
const COLOURS = [
  ...['RED', 'BLUE', 'GREEN', 'WHITE', 'BLACK', 'PINK', 'IVORY', 'SILVER', 'GOLD', 'BROWN'],
  ...['STRIPED', 'SPOTTED', 'CHEQUERED', 'PLAIN', 'FLORAL', 'VINTAGE'],
];
const CUSTOMERS = 260;

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

interface Span {
  readonly fromDaysAgo: number;
  readonly untilDaysAgo: number;
  readonly seed: number;
}

/**
 * Sales in the shape of UCI Online Retail, of customers who each like two kinds of things. As in many shops, the column that is
 * called UnitPrice holds something else: the price stands under `Net`.
 */
export function shopFile({ fromDaysAgo, untilDaysAgo, seed }: Span): string {
  const next = random(seed);
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,Net,CustomerID,Country'];
  const today = new Date().setUTCHours(0, 0, 0, 0);
  let invoice = 100_000 + seed * 10_000;
  for (let day = fromDaysAgo; day > untilDaysAgo; day--) {
    for (let customer = 0; customer < CUSTOMERS; customer++) {
      if (next() > 0.12) continue;
      invoice += 1;
      const at = new Date(today - day * DAY_MS + Math.floor(next() * 600) * 60_000);
      const date = at.toISOString().slice(0, 16).replace('T', ' ');
      for (let line = 0; line < 1 + Math.floor(next() * 3); line++) {
        // Mostly what the customer likes; early ones of a kind more often.
        const kind =
          next() < 0.85
            ? (customer + Math.floor(next() * 2)) % KINDS.length
            : Math.floor(next() * KINDS.length);
        const product = Math.floor(next() ** 2 * COLOURS.length);
        const price = (2 + kind * 1.5 + product * 0.35).toFixed(2);
        const quantity = next() < 0.02 ? -1 : 1 + Math.floor(next() * 4);
        const cells = [
          ...[`${invoice}`, `${10_000 + kind * 100 + product}`, `${COLOURS[product]} ${KINDS[kind]}`],
          ...[`${quantity}`, date, 'each', price, `${12_000 + customer}`],
        ];
        lines.push([...cells, customer % 9 === 0 ? 'Germany' : 'United Kingdom'].join(','));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

export const packed = (text: string): Buffer => gzipSync(text);
