// What runs on the host that has PostgreSQL, Redis and the bucket, until its input ends. Its first line says where they are.
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import { provisionDatabase } from '../../tools/provision.ts';
import type { LoginUrls } from '../../tools/provisioning/logins.ts';
import { startServices } from '../../tools/services/services.ts';
import { S3Gateway } from '../objects/s3-gateway.ts';
import { say } from '../platform/test-platform.ts';

export interface DataHost {
  readonly admin: string;
  readonly logins: LoginUrls;
  readonly redis: string;
  readonly bucket: Record<string, string>;
}

const { values } = parseArgs({
  options: { address: { type: 'string' }, folder: { type: 'string' }, 'redis-program': { type: 'string' } },
});
const host = values.address as string;
const stateDir = values.folder as string;
const forwarders: Server[] = [];

const redisProgramDir = values['redis-program'] as string;
const services = await startServices({ stateDir, env: {}, redisProgramDir, report: say });
const gateway = new S3Gateway({ host, port: await getPort({ host }), folder: stateDir });
try {
  await gateway.start();
  const logins = await provisionDatabase(services.databaseUrl, { stateDir });
  const [postgres, redis] = [await forwarded(services.databaseUrl), await forwarded(services.redisUrl)];
  const at = (url: string) => Object.assign(new URL(url), { host: postgres }).href;
  const found: DataHost = {
    admin: at(services.databaseUrl),
    logins: Object.fromEntries(Object.entries(logins).map(([kind, url]) => [kind, at(url)])) as LoginUrls,
    redis: Object.assign(new URL(services.redisUrl), { host: redis }).href,
    bucket: gateway.environment,
  };
  process.stdout.write(`${JSON.stringify(found)}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
} finally {
  for (const server of forwarders) server.close();
  await gateway.end();
  await services.stop();
}
process.exit(0);

/** The services listen to their own host alone: this lets the others in. Answers address and port. */
async function forwarded(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const server = createServer((from) => {
    const to = connect(Number(port), hostname);
    from.pipe(to).pipe(from);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, host);
  await once(server, 'listening');
  forwarders.push(server);
  return `${host}:${(server.address() as AddressInfo).port}`;
}
