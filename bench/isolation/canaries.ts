/** Texts that stand in everything a tenant owns: where one turns up, something of that tenant has turned up. */
export class Canaries {
  private readonly texts: readonly string[];

  constructor(texts: Iterable<string>) {
    this.texts = [...new Set([...texts].map((text) => text.toLowerCase()))].filter((text) => text.length > 6);
  }

  /** @param sent what the attacker brought along: an echo of it tells nothing */
  findIn(answer: string | Uint8Array, sent: readonly string[] = []): string[] {
    const text = (typeof answer === 'string' ? answer : Buffer.from(answer).toString('latin1')).toLowerCase();
    const present = this.texts.filter((canary) => text.includes(canary));
    return present.filter((canary) => withoutEchoes(text, canary, sent).includes(canary));
  }
}

/** Only an echo of the whole canary, or of something around it: with a part taken out, none would ever be found. */
function withoutEchoes(text: string, canary: string, sent: readonly string[]): string {
  const echoes = sent
    .map((echo) => echo.toLowerCase())
    .filter((echo) => echo.includes(canary))
    // The longest first: one may hold another.
    .sort((a, b) => b.length - a.length);
  return echoes.reduce(
    (rest, echo) => rest.replaceAll(echo, '«sent»').replaceAll(encodeURIComponent(echo), '«sent»'),
    text,
  );
}
