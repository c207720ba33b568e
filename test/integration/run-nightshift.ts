import 'reflect-metadata';
import { runCli } from '../../apps/cli/src/run-cli.js';

/** One command as a shell would see it. */
export async function nightshift(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const take = (add: (text: string) => void) => (chunk: unknown) => {
    add(String(chunk));
    return true;
  };
  const out = replaceWrite(
    process.stdout,
    take((text) => (stdout += text)),
  );
  const err = replaceWrite(
    process.stderr,
    take((text) => (stderr += text)),
  );
  try {
    const code = await runCli(['node', 'nightshift', ...args]);
    return { code, stdout, stderr, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
  } finally {
    out();
    err();
  }
}

/** Replaces `write` and answers how to put it back. */
function replaceWrite(stream: NodeJS.WriteStream, write: (chunk: unknown) => boolean): () => void {
  const original = stream.write;
  stream.write = write as typeof stream.write;
  return () => {
    stream.write = original;
  };
}

/** A command that must succeed, and its JSON. */
export async function json(...args: string[]) {
  const { code, lastLine, stderr } = await nightshift(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(lastLine);
}
