import { Writable } from 'node:stream';
import { pino } from 'pino';
import { createLoggerParams } from './logging.module.js';

function loggedLine(entry: object): string {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const { level, base, redact, serializers } = createLoggerParams({ service: 'api', level: 'info' })
    .pinoHttp as object as {
    level: string;
    base: object;
    redact: object;
    serializers: Record<string, (value: never) => unknown>;
  };
  pino({ level, base, redact, serializers } as object, sink).info(entry, 'request');
  return lines.join('');
}

describe('log lines', () => {
  const req = {
    id: 'r1',
    method: 'GET',
    url: '/v1/tenants/acme/recommendations?customer=anna@example.com',
    headers: { authorization: 'Bearer ns_live_secret', cookie: 'session=secret' },
  };

  test('hold neither keys nor what stands in the query', () => {
    const line = loggedLine({ req });
    expect(line).not.toMatch(/secret|anna/);
    expect(JSON.parse(line).req).toEqual({
      id: 'r1',
      method: 'GET',
      path: '/v1/tenants/acme/recommendations',
    });
  });

  test('hide headers that are logged by themselves', () => {
    expect(loggedLine({ headers: req.headers })).not.toContain('ns_live_secret');
  });

  test('say which process they come from', () => {
    expect(JSON.parse(loggedLine({}))).toMatchObject({ service: 'api', pid: process.pid });
  });
});
