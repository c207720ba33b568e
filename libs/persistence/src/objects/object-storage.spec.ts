import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ObjectStorage } from './object-storage.js';

const PATIENCE = { attempts: 3, connectMs: 300, silenceMs: 400, requestMs: 600 };
const ACCESS = { accessKeyId: 'key', secretAccessKey: 'secret' };

let close: () => Promise<unknown>;
afterEach(() => close());

/** What a service does when it is in trouble; how it behaves otherwise, `npm run check:s3` sees. */
async function troubled(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = { bucket: 'b', prefix: '', endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1' };
  const objects = new ObjectStorage(address, ACCESS, PATIENCE);
  close = async () => {
    await objects.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { objects, requests: () => requests, server };
}

async function readAll(body: AsyncIterable<Uint8Array> = noBody()): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}

async function* noBody(): AsyncGenerator<Uint8Array> {}

const failure = (status: number, code: string) => (_: IncomingMessage, response: ServerResponse) =>
  void response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<Error><Code>${code}</Code></Error>`);
const bytes = [Buffer.from('bytes')];

describe('object storage in trouble', () => {
  it('is away where nobody listens, soon and for every request', async () => {
    const { objects, server } = await troubled(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    close = () => objects.close();
    const away = { code: 'storageAway', retryable: true, message: 'The object storage does not answer.' };
    const startedAt = Date.now();
    await expect(objects.put('a', bytes)).rejects.toMatchObject(away);
    await expect(objects.get('a')).rejects.toMatchObject(away);
    await expect(objects.list('a')).rejects.toMatchObject(away);
    await expect(objects.remove(['a'])).rejects.toMatchObject(away);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('is away where somebody listens and never answers, after as many attempts as said', async () => {
    const { objects, requests } = await troubled(() => undefined);
    await expect(objects.get('a')).rejects.toMatchObject({ code: 'storageAway' });
    expect(requests()).toBe(PATIENCE.attempts);
  });

  it('is asked again where it is busy for a moment', async () => {
    let answers = 0;
    const { objects, requests } = await troubled((request, response) =>
      answers++ < 2 ? failure(503, 'SlowDown')(request, response) : void response.end(),
    );
    await objects.put('a', bytes);
    expect(requests()).toBe(3);
  });

  it('is away where it stays busy', async () => {
    const { objects } = await troubled(failure(503, 'SlowDown'));
    await expect(objects.list('')).rejects.toMatchObject({ code: 'storageAway' });
  });

  it('is away where it stops in the middle of an object', async () => {
    const { objects } = await troubled((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setTimeout(() => response.destroy(), 50);
    });
    const found = await objects.get('a');
    await expect(readAll(found?.body)).rejects.toMatchObject({ code: 'storageAway' });
  });

  it('is away where it falls silent in the middle of an object', async () => {
    const { objects } = await troubled(
      (_, response) => void response.writeHead(200, { 'content-length': '1000' }).write('half'),
    );
    const found = await objects.get('a');
    await expect(readAll(found?.body)).rejects.toMatchObject({ code: 'storageAway' });
  });

  it('is full where it says so', async () => {
    const { objects } = await troubled(failure(507, 'InsufficientStorage'));
    await expect(objects.put('a', bytes)).rejects.toMatchObject({ code: 'storageFull' });
  });

  it('refuses once, by name: asking again would not change it', async () => {
    const { objects, requests } = await troubled(failure(403, 'AccessDenied'));
    const refused = { code: 'storageRefused', message: 'The object storage refuses: AccessDenied.' };
    await expect(objects.put('a', bytes)).rejects.toMatchObject(refused);
    expect(requests()).toBe(1);
  });
});
