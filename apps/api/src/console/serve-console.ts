import fastifyStatic from '@fastify/static';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The console's own addresses. A deep link is answered by the same page; every other address stays the API's. */
const PAGES = ['/', '/sign-in', '/invitations/*', '/tenants', '/tenants/*', '/operator', '/operator/*'];
const PLACE_OF_THE_NONCE = '{{nonce}}';
const YEAR_SECONDS = 31_536_000;

/** Files carry a hash of their content in their names, so they may be kept for ever; the page that names them may not. */
export async function serveConsole(fastify: FastifyInstance, folder: string): Promise<void> {
  const indexFile = path.resolve(folder, 'index.html');
  if (!existsSync(indexFile)) {
    new Logger('Console').warn('The console has not been built, so it is not served: npm run build.');
    return;
  }
  const page = readFileSync(indexFile, 'utf8');
  await fastify.register(fastifyStatic, {
    root: path.resolve(folder, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    preCompressed: true,
    index: false,
    maxAge: YEAR_SECONDS * 1_000,
    immutable: true,
  });
  const icon = readFileSync(path.resolve(folder, 'icon.svg'));
  fastify.get('/icon.svg', (_request, reply) =>
    reply.headers({ 'Content-Type': 'image/svg+xml', 'Cache-Control': 'max-age=86400' }).send(icon),
  );
  for (const address of PAGES) fastify.get(address, (_request, reply) => answerPage(reply, page));
}

function answerPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64url');
  return reply
    .headers({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policyWith(nonce),
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      'Cross-Origin-Opener-Policy': 'same-origin',
    })
    .send(page.replace(PLACE_OF_THE_NONCE, nonce));
}

/** Scripts are files of ours and nothing else; style elements, which the component library makes, carry the answer's nonce. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
