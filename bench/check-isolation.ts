// Two tenants full of recognisable data, and everything that one of them can try against the other: read, change, infer, slow.
// npm run check:isolation; one JSON object as its last line. docs/isolation.md says what is tried and what is not.
import { parseArgs } from 'node:util';
import { IsolationCheck } from './isolation/isolation-check.ts';

const FEWEST_ATTACKS = 500;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    'timing-samples': { type: 'string', default: '1500' },
    /** Surfaces to leave out, while one is being worked on. */
    without: { type: 'string', default: '' },
  },
});

const check = await IsolationCheck.start();
try {
  const result = await check.run({
    seed: Number(options.seed),
    timingSamples: Number(options['timing-samples']),
    without: options.without.split(','),
  });
  const isWhole = options.without === '';
  const ok = isWhole && result.leaks === 0 && result.plantedLeakCaught && result.attacks >= FEWEST_ATTACKS;
  process.stdout.write(`${JSON.stringify({ check: 'isolation', ...result, ok })}\n`);
  process.exitCode = ok ? 0 : 1;
} finally {
  await check.close();
}
