import http from 'node:http';

export interface Question {
  readonly method: string;
  /** Exactly as it goes over the wire: nothing is made harmless on the way. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Asks one program. The tests of every day ask another way: without a socket. */
export type Ask = (question: Question) => Promise<Answer>;

const TIMEOUT_MS = 30_000;
/** A stream has no end: what it says at once is its answer. */
const STREAM_MS = 300;

export function askOver(address: string, agent = new http.Agent({ keepAlive: true, maxSockets: 16 })): Ask {
  const { hostname, port } = new URL(address);
  return ({ method, path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const options = { hostname, port, method, path, agent, headers: { ...headers }, timeout: TIMEOUT_MS };
      if (body !== undefined)
        Object.assign(options.headers, { 'content-length': String(Buffer.byteLength(body)) });
      const request = http.request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        const answer = () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('latin1'),
          });
        response.on('end', answer);
        if (!response.headers['content-type']?.startsWith('text/event-stream')) return;
        setTimeout(() => {
          answer();
          request.destroy();
        }, STREAM_MS);
      });
      request.on('timeout', () => request.destroy(new Error(`No answer to ${method} ${path}`)));
      request.on('error', reject);
      request.end(body);
    });
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const SESSION = 'session ';

/** A session in the form in which credentials are handed around here. */
export const sessionCredential = (cookie: string, csrfToken: string): string =>
  `${SESSION}${cookie} ${csrfToken}`;

export const isSession = (credential: string): boolean => credential.startsWith(SESSION);

/** What of a credential must never be seen. */
export function secretsOf(credential: string): string[] {
  if (!isSession(credential)) return [credential];
  const [cookie = '', csrfToken = ''] = credential.slice(SESSION.length).split(' ');
  return [cookie.slice(cookie.indexOf('=') + 1), csrfToken];
}

/** Headers of a key, or of a session: a browser's cookie and what its page knows. */
export function credentials(credential: string): Record<string, string> {
  if (!isSession(credential)) return bearer(credential);
  const [cookie = '', csrfToken = ''] = credential.slice(SESSION.length).split(' ');
  return { cookie, 'x-csrf-token': csrfToken };
}
