import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { askOver, type Question } from './ask.ts';
import { conditionally } from './cache-attacks.ts';
import { catalogueFindings } from './catalogue.ts';
import { Ledger } from './ledger.ts';
import { findingsOf } from './load-attacks.ts';
import { attackTable } from './login-attacks.ts';
import { flooder, measureSlowing } from './slowing.ts';
import type { Trial } from './trial-tenant.ts';

/** A right too many for the login of people. */
export async function plantedGrant({
  admin,
  accountsUrl,
  trial,
}: {
  readonly admin: pg.Client;
  readonly accountsUrl: string;
  readonly trial: Trial;
}): Promise<boolean> {
  const login = new pg.Client({ connectionString: accountsUrl });
  await login.connect();
  await admin.query(
    `GRANT SELECT ON customer TO nightshift_accounts; CREATE POLICY planted ON customer TO nightshift_accounts USING (true)`,
  );
  try {
    const ledger = new Ledger();
    await attackTable('accounts', login, 'customer', trial, ledger);
    const isSeen = ledger.leaks.some(({ finding }) => finding.startsWith('showed canary'));
    const isNamed = (await catalogueFindings(admin)).some((finding) =>
      finding.startsWith('nightshift_accounts reads customer.'),
    );
    return isSeen && isNamed;
  } finally {
    await admin.query('DROP POLICY planted ON customer; REVOKE SELECT ON customer FROM nightshift_accounts');
    await login.end();
  }
}

/** Takes anybody's tag for one's own. */
export async function plantedCache(trial: Trial): Promise<boolean> {
  const ledger = new Ledger();
  await withServer(
    ({ url, headers }, response) => {
      const status = headers['if-none-match'] === undefined ? 200 : 304;
      response.writeHead(status, { etag: JSON.stringify(url) }).end();
    },
    (address) => conditionally({ api: askOver(address) }, trial, ledger),
  );
  return ledger.leaks.some(({ finding }) => finding.startsWith("B's tag"));
}

/** Keeps everybody waiting while it works for one. */
export async function plantedHog(): Promise<boolean> {
  let findings: string[] = [];
  const get = (path: string): Question => ({ method: 'GET', path });
  await withServer(
    ({ url }, response) => {
      const until = performance.now() + (url === '/hog' ? 60 : 0);
      while (performance.now() < until);
      response.writeHead(200).end();
    },
    async (address) => {
      const ground = { address, ofB: get('/b'), ordinary: () => get('/a'), floodMs: 1_500 };
      const name = { flood: 'planted', program: 'planted' };
      findings = findingsOf(
        await measureSlowing(
          name,
          ground,
          flooder(address, () => get('/hog')),
        ),
      );
    },
  );
  return findings.some((finding) => finding.startsWith('slows B'));
}

async function withServer(
  listener: http.RequestListener,
  work: (address: string) => Promise<unknown>,
): Promise<void> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
