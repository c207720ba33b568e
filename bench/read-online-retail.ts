import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { EventColumns } from '#libs/algorithms';
import { allocateEvents, hashEvent, InteractionKind } from '#libs/algorithms';

interface Line {
  invoice: string;
  stockCode: string;
  description: string;
  quantity: number;
  timeSeconds: number;
  unitPrice: number;
  customer: string;
  row: number;
}

/** Fields of one CSV line; quotes are doubled inside quoted fields. */
function splitCsv(line: string): string[] {
  const fields: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]);
  }
  return fields;
}

async function readLines(path: string): Promise<Line[]> {
  const lines: Line[] = [];
  let row = 0;
  for await (const text of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (row++ === 0) continue;
    const [invoice, stockCode, description, quantity, date, unitPrice, customer] = splitCsv(text);
    const timeSeconds = Date.parse(`${date.replace(' ', 'T')}Z`) / 1000;
    const known = customer === '' || customer === 'NA' ? '' : customer;
    lines.push({
      invoice,
      stockCode,
      description,
      quantity: +quantity,
      timeSeconds,
      unitPrice: +unitPrice,
      customer: known,
      row,
    });
  }
  return lines;
}

class Dictionary {
  readonly ids = new Map<string, number>();
  indexOf(id: string): number {
    const index = this.ids.get(id) ?? this.ids.size;
    this.ids.set(id, index);
    return index;
  }
}

/** UCI Online Retail as event columns; lines with negative quantity (returns) are dropped. */
export async function readOnlineRetail(path: string, seed: number): Promise<EventColumns> {
  return (await readNamedOnlineRetail(path, seed)).events;
}

/** The same with a description of each product. */
export async function readNamedOnlineRetail(
  path: string,
  seed: number,
): Promise<{ events: EventColumns; names: string[] }> {
  const lines = (await readLines(path)).filter((line) => line.quantity > 0);
  const customers = new Dictionary();
  const products = new Dictionary();
  const orders = new Dictionary();
  const names: string[] = [];
  const events = allocateEvents(lines.length);
  lines.forEach((line, e) => {
    events.customer[e] = line.customer === '' ? -1 : customers.indexOf(line.customer);
    events.product[e] = products.indexOf(line.stockCode);
    names[events.product[e]] ||= line.description;
    events.order[e] = orders.indexOf(line.invoice);
    events.timeSeconds[e] = line.timeSeconds;
    events.quantity[e] = line.quantity;
    events.unitPrice[e] = line.unitPrice;
    events.kind[e] = InteractionKind.purchase;
    events.splitHash[e] = hashEvent(seed, line.customer, line.stockCode, String(line.row));
  });
  Object.assign(events, {
    customerCount: customers.ids.size,
    productCount: products.ids.size,
    orderCount: orders.ids.size,
  });
  return { events, names };
}
