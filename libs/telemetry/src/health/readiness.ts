/** Something that this process cannot work without. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects when it does not answer. */
  check(): Promise<void>;
}

export class Readiness {
  constructor(
    private readonly checks: readonly ReadinessCheck[],
    private readonly timeoutMs = 2_000,
  ) {}

  /** Names of what does not answer in time; empty when the process is ready. */
  async missing(): Promise<string[]> {
    const answers = await Promise.all(this.checks.map((check) => this.answers(check)));
    return this.checks.filter((_, index) => !answers[index]).map((check) => check.name);
  }

  private async answers(check: ReadinessCheck): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.timeoutMs);
    });
    const answered = check.check().then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
