// Both programs against their own descriptions: schemathesis makes requests from the OpenAPI documents, good and bad ones, and
// holds the answers against them. npm run check:api; one JSON object as its last line. Needs Python 3.11 and PyPI once.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { preparePython } from './peers/peer-environment.ts';
import { createTenant, smallWorldCsv } from './platform/small-world.ts';
import { TestPlatform } from './platform/test-platform.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    'max-examples': { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  },
});
/** What a caller may rely on: no 5xx, and no status, media type, header or body that is not described. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
const TENANT = 'checked';
const FEWEST_CASES = 1_000;
const ENDS_KEYS = 'KeysController_revoke';

const python = preparePython(options.python, path.join(import.meta.dirname, 'api/requirements.txt'));
const platform = await TestPlatform.start({ PLAN_MS: '0' });
const reports = mkdtempSync(path.join(tmpdir(), 'nightshift-api-'));
const config = path.join(reports, 'schemathesis.toml');
try {
  // Another name would end at the door, and what lies behind it is what is to be checked.
  writeFileSync(config, `[parameters]\n"path.tenant" = "${TENANT}"\n`);
  const key = await createTenant(platform, TENANT, smallWorldCsv(0.02));
  await platform.cli('run', '--tenant', TENANT, '--wait');
  const { serving, api } = platform.platform.record.addresses;
  const apps = [
    await check('serving', serving, key, []),
    await check('api', api, key, ['--exclude-operation-id', ENDS_KEYS]),
    // Last: it may well end the key that it comes with.
    await check('api', api, key, ['--include-operation-id', ENDS_KEYS]),
  ];
  const cases = apps.reduce((sum, app) => sum + app.cases, 0);
  const failures = apps.reduce((sum, app) => sum + app.failures, 0);
  const ok = failures === 0 && cases > FEWEST_CASES && apps.every(({ complete }) => complete);
  process.stdout.write(`${JSON.stringify({ cases, failures, apps, ok })}\n`);
  process.exitCode = ok ? 0 : 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
  await platform.close();
}

interface AppResult {
  readonly app: string;
  readonly operations: number;
  readonly cases: number;
  readonly failures: number;
  readonly complete: boolean;
}

/** The part of schemathesis' report that is read here. */
interface Report {
  readonly complete: boolean;
  readonly exit_code: number;
  readonly operations: { readonly tested: number };
  readonly test_cases: {
    readonly generated: number;
    readonly unique_failures: number;
    readonly errored: number;
  };
}

/** @param selection which operations */
async function check(
  app: string,
  address: string,
  key: string,
  selection: readonly string[],
): Promise<AppResult> {
  const file = path.join(reports, 'report.json');
  rmSync(file, { force: true });
  await schemathesis([
    ...['--config-file', config, 'run', `${address}/docs/openapi.json`],
    ...['--header', `Authorization: Bearer ${key}`],
    ...['--checks', CHECKS.join(',')],
    ...['--max-examples', options['max-examples'], '--seed', options.seed],
    // Stateful would follow links from answer to request, and the descriptions have none.
    ...['--phases', 'examples,coverage,fuzzing', '--continue-on-failure', '--request-timeout', '30'],
    ...['--suppress-health-check', 'all', '--warnings', 'off'],
    ...['--report', 'json', '--report-json-path', file],
    ...selection,
  ]);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const { generated, unique_failures, errored } = report.test_cases;
  return {
    app,
    operations: report.operations.tested,
    cases: generated,
    failures: unique_failures + errored,
    complete: report.complete && report.exit_code === 0,
  };
}

/** Runs it with its own output on stderr: stdout belongs to the result. */
function schemathesis(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const program = ['-c', 'from schemathesis.cli import schemathesis; schemathesis()'];
    const child = spawn(python, [...program, ...args], { stdio: ['ignore', 2, 2], cwd: reports });
    child.once('error', reject);
    // Its exit code stands in the report as well.
    child.once('exit', () => resolve());
  });
}
