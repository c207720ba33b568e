import Table from 'cli-table3';

export type Cell = string | number | boolean | Date | null | undefined;

/** Results go to stdout, everything said on the way to stderr: a pipe gets the result alone. */
export interface Output {
  /** The result: a table for people, or with `--json` one object on the last line. */
  show(result: object, head: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** A result that programs wait for: one JSON object on the last line, whatever was asked for. */
  json(result: object): void;
  /** Something said on the way. */
  note(text: string): void;
}

export class ConsoleOutput implements Output {
  constructor(
    private readonly asJson: boolean,
    private readonly stdout: NodeJS.WritableStream = process.stdout,
    private readonly stderr: NodeJS.WritableStream = process.stderr,
  ) {}

  show(result: object, head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    if (this.asJson) this.json(result);
    else this.stdout.write(`${renderTable(head, rows)}\n`);
  }

  json(result: object): void {
    this.stdout.write(`${JSON.stringify(result)}\n`);
  }

  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }
}

export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  // Without colours: tables end up in logs and tickets.
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row.map(renderCell));
  return table.toString();
}

function renderCell(cell: Cell): string {
  if (cell === undefined || cell === null) return '–';
  if (cell instanceof Date) return cell.toISOString().replace('T', ' ').slice(0, 16);
  if (typeof cell === 'number') return cell.toLocaleString('en-US', { maximumFractionDigits: 4 });
  return String(cell);
}
