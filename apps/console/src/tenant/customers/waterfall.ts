export interface ScoreStep {
  readonly step: string;
  /** After it; of voices: what they have added up to. */
  readonly score: number;
  readonly factor?: number | null;
}

export interface WaterfallRow {
  readonly step: string;
  readonly factor: number | undefined;
  readonly change: number;
  readonly score: number;
  /** Where the bar begins, and how long it is, in per cent of the scale. */
  readonly left: number;
  readonly width: number;
}

/** Each step as a bar from the score before it to the score after it, all on one scale that begins at zero or below. */
export function waterfallOf(steps: readonly ScoreStep[]): WaterfallRow[] {
  const scores = [0, ...steps.map(({ score }) => score)];
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const scale = high - low || 1;
  return steps.map(({ step, score, factor }, index) => {
    const before = scores[index];
    return {
      ...{ step, score, factor: factor ?? undefined, change: score - before },
      left: (100 * (Math.min(before, score) - low)) / scale,
      width: (100 * Math.abs(score - before)) / scale,
    };
  });
}
