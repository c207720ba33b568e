import { AlgorithmRangeError } from '../errors.js';
import { sharedUint8 } from '../parallel/shared-arrays.js';
import type { EventColumns } from './event-columns.js';
import { InteractionKind } from './event-columns.js';

/** What an event is used for. */
export const Part = { train: 0, calibration: 1, holdout: 2 } as const;
export type Part = (typeof Part)[keyof typeof Part];

export interface SplitOptions {
  /** Share of the recent signal events held out, range [0, 0.9]. */
  readonly holdoutShare: number;
  /** Share kept for calibration; both shares together at most 0.9. */
  readonly calibrationShare: number;
  /** Events before this moment (epoch seconds) always train. */
  readonly windowStartSeconds: number;
}

/** Kinds that say "wants it": only these can become targets. */
const SIGNAL_KINDS: readonly number[] = [
  InteractionKind.view,
  InteractionKind.click,
  InteractionKind.cart,
  InteractionKind.purchase,
  InteractionKind.rating,
  InteractionKind.accepted,
];

function validateSplit({ holdoutShare, calibrationShare }: SplitOptions): void {
  for (const [field, value] of Object.entries({ holdoutShare, calibrationShare })) {
    if (!(value >= 0 && value <= 0.9)) {
      throw new AlgorithmRangeError('PARAMETER_INVALID', field, `${value} is not in [0, 0.9]`);
    }
  }
  if (holdoutShare + calibrationShare > 0.9) {
    throw new AlgorithmRangeError(
      'PARAMETER_INVALID',
      'calibrationShare',
      'less than a tenth would be left to train',
    );
  }
}

/**
 * The part of each event (ADR 1). The event's split hash alone decides among the recent signal
 * events of known customers, so the same row falls the same way every night for as long as it is recent: last night's
 * champion has not been trained on tonight's holdout rows. Everything else trains.
 * @returns length events.count, values of `Part`
 * @throws AlgorithmRangeError PARAMETER_INVALID
 */
export function splitEvents(events: EventColumns, options: SplitOptions): Uint8Array<SharedArrayBuffer> {
  validateSplit(options);
  const holdoutBelow = options.holdoutShare * 4294967296;
  const calibrationBelow = holdoutBelow + options.calibrationShare * 4294967296;
  const isSignal = new Uint8Array(256);
  for (const kind of SIGNAL_KINDS) isSignal[kind] = 1;
  const parts = sharedUint8(events.count);
  for (let e = 0; e < events.count; e++) {
    if (isSignal[events.kind[e]] === 0 || events.customer[e] < 0) continue;
    if (!(events.timeSeconds[e] >= options.windowStartSeconds)) continue;
    const hash = events.splitHash[e];
    if (hash < holdoutBelow) parts[e] = Part.holdout;
    else if (hash < calibrationBelow) parts[e] = Part.calibration;
  }
  return parts;
}
