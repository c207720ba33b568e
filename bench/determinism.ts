// The same data and seed give the same bytes: models and list files, twice, with one thread and with two.
// npm run proof:determinism; prints one JSON object as its last line.
import { createTenant, smallWorldCsv } from './platform/small-world.ts';
import { query, say, TestPlatform } from './platform/test-platform.ts';

interface Hashes {
  threads: number;
  models: Record<string, string>;
  lists: string;
  snapshot: string;
}

const csv = smallWorldCsv(0.2);
const results: Hashes[] = [];
for (const threads of [1, 2, 2, 1]) {
  results.push(await nightWith(threads));
  say(`${threads} thread(s): lists ${results.at(-1)?.lists.slice(0, 16)}`);
}
const distinct = new Set(
  results.map(({ models, lists, snapshot }) => JSON.stringify({ models, lists, snapshot })),
);
const identical = distinct.size === 1 && Object.keys(results[0].models).length === 4;
process.stdout.write(
  `${JSON.stringify({ bench: 'determinism', nights: results.length, identical, results })}\n`,
);
process.exit(identical ? 0 : 1);

/** A platform of its own for each night: the list file names the tenant, so the tenant must be called the same. */
async function nightWith(threads: number): Promise<Hashes> {
  const platform = await TestPlatform.start({ WORKER_THREADS: String(threads), PLAN_MS: '0' });
  try {
    await createTenant(platform, 'same', csv);
    await platform.cli('run', '--tenant', 'same', '--wait');
    const stages = await query<{ stage: string; output: Record<string, unknown> }>(
      platform.adminUrl,
      'SELECT stage, output FROM run_stage',
    );
    const outputOf = (name: string) => stages.find(({ stage }) => stage === name)?.output ?? {};
    const models = outputOf('train').models as Record<string, { sha256: string }>;
    return {
      threads,
      models: Object.fromEntries(Object.entries(models).map(([name, { sha256 }]) => [name, sha256])),
      lists: String(outputOf('rank').sha256),
      snapshot: (outputOf('snapshot').snapshot as { sha256: string }).sha256,
    };
  } finally {
    await platform.close();
  }
}
