import { RERANKING_STEPS, type SettingRange } from '#libs/domain';

/** The table of steps in docs/reranking.md, from the settings themselves. */
export function rerankingTable(): string {
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

const MARKS = /<!-- steps -->[\s\S]*?<!-- end of steps -->/;

export function withRerankingTable(document: string): string {
  return document.replace(MARKS, () => `<!-- steps -->\n\n${rerankingTable()}\n\n<!-- end of steps -->`);
}
