import { KernelMemory } from './kernel-memory.js';

/** How many owners a thread serves in turn without loading again: a champion and a challenger, or the parts of a hybrid. */
const STAGES = 4;
/** Room to grow by, so that owners of about the same size can follow each other in one memory. */
const GRANULARITY_BYTES = 1 << 20;

interface Stage {
  readonly memory: KernelMemory;
  readonly bytes: number;
  owner: object;
  lastUse: number;
}

/** Those of this thread. */
const stages: Stage[] = [];
let clock = 0;

function leastRecent(): number {
  let oldest = 0;
  stages.forEach(({ lastUse }, s) => {
    if (lastUse < stages[oldest].lastUse) oldest = s;
  });
  return oldest;
}

/**
 * Makes sure that the owner's arrays lie in a kernel memory of this thread. Memories are dear (each reserves gigabytes of
 * addresses), owners are many and short-lived (a scorer for each task): so owners take turns in a few memories, and one that
 * had to make room loads again when it is asked again.
 * @param bytes sum of `alignedBytes` of the arrays that `load` asks for
 * @param load lays the arrays out; called again whenever the owner lost its place
 */
export function takeStage(owner: object, bytes: number, load: (memory: KernelMemory) => void): void {
  clock++;
  const held = stages.find((stage) => stage.owner === owner);
  if (held !== undefined) {
    held.lastUse = clock;
    return;
  }
  const isFull = stages.length === STAGES;
  const replaced = isFull ? leastRecent() : stages.length;
  if (isFull && stages[replaced].bytes >= bytes) {
    const stage = stages[replaced];
    stage.memory.clear();
    Object.assign(stage, { owner, lastUse: clock });
    load(stage.memory);
    return;
  }
  const rounded = Math.ceil(bytes / GRANULARITY_BYTES) * GRANULARITY_BYTES;
  const stage = { memory: new KernelMemory(rounded), bytes: rounded, owner, lastUse: clock };
  stages[replaced] = stage;
  load(stage.memory);
}
