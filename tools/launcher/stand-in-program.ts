// For specs: small programs that stand where the built ones would, in a `dist` folder of their own.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const READY_SERVER = `
import { createServer } from 'node:http';
const name = process.argv[1].split('/').at(-3);
console.log(name + ' starts');
const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(3);
  if (request.url === '/hang') for (;;);
  if (request.url === '/environment') return void response.end(JSON.stringify(process.env));
  response.end(String(process.pid));
});
server.listen(Number(process.env[name.toUpperCase() + '_PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(143));
`;

export const FAILING_PROGRAM = `console.error('the reason why'); process.exit(1);`;
export const STUBBORN_PROGRAM = `${READY_SERVER}\nprocess.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {});`;

export function writeStandInPrograms(distDir: string, sources: Record<string, string> = {}): void {
  for (const name of ['api', 'serving', 'worker']) {
    const file = path.join(distDir, 'apps', name, 'src/main.js');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, sources[name] ?? READY_SERVER);
  }
  writeFileSync(path.join(distDir, 'package.json'), '{"type":"module"}');
}
