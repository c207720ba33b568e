import { RERANKING_STEPS, type SettingRange } from '#libs/domain';

interface Change {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** The last line of `bench:reranking`. */
export interface RerankingMeasured {
  readonly windows: readonly {
    readonly window: string;
    readonly baskets: number;
    readonly rows: readonly {
      readonly name: string;
      readonly hitRate10: number;
      readonly hitRate10Change: Change;
      readonly ndcg10: number;
      readonly ndcg10Change: Change;
      readonly categoriesPerList: number;
      readonly coverage: number;
    }[];
  }[];
}

/** The blocks of docs/reranking.md that are made: steps from the settings, figures from docs/measured/reranking.json. */
export function fillReranking(document: string, measured: RerankingMeasured): string {
  const withSteps = fillBlock(document, 'steps', 'end of steps', stepTable());
  return measured.windows.reduce(
    (text, window) => fillBlock(text, `measured: ${window.window}`, 'end of measured', measuredTable(window)),
    withSteps,
  );
}

function fillBlock(document: string, start: string, end: string, content: string): string {
  const [from, to] = [`<!-- ${start} -->`, `<!-- ${end} -->`];
  const first = document.indexOf(from);
  const last = document.indexOf(to, first);
  if (first < 0 || last < 0) throw new Error(`The document has no block ${start}.`);
  return `${document.slice(0, first)}${from}\n\n${content}\n\n${document.slice(last)}`;
}

function stepTable(): string {
  const rows = Object.entries(RERANKING_STEPS).map(([name, { enabled, doc, parameters }]) => {
    const settings = Object.entries<SettingRange>(parameters).map(
      ([key, { default: byDefault, min, max, doc: says }]) =>
        `\`${key}\` ${byDefault} (${min} to ${max}): ${says}`,
    );
    return `| \`${name}\` | ${enabled ? 'on' : 'off'} | ${doc} | ${settings.join('<br>')} |`;
  });
  return ['| step | by default | what it does | parameters |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

const TITLES: Readonly<Record<string, string>> = {
  selection: 'The window before the last',
  report: 'The last window',
};
const NAMES: Readonly<Record<string, string>> = {
  none: 'no step',
  default: '**what is on by default**',
  all: 'all of them at once',
};

function measuredTable({ window, baskets, rows }: RerankingMeasured['windows'][number]): string {
  const lines = rows.map((row) => {
    const change = (of: Change) => (row.name === 'none' ? '' : written(of));
    return [
      NAMES[row.name] ?? `\`${row.name}\``,
      row.hitRate10.toFixed(4),
      change(row.hitRate10Change),
      row.ndcg10.toFixed(4),
      change(row.ndcg10Change),
      row.categoriesPerList.toFixed(2),
      `${(100 * row.coverage).toFixed(1)} %`,
    ].join(' | ');
  });
  return [
    `### ${TITLES[window]} (${baskets.toLocaleString('en')} baskets)`,
    '',
    '| steps | hit rate@10 | change (95 %) | NDCG@10 | change (95 %) | categories in a list | coverage |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

function written({ difference, low, high }: Change): string {
  return `${signed(difference)} (${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
