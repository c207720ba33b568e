import { AlgorithmRangeError, ModelFormatError } from '../errors.js';
import type { Algorithm, Model } from './algorithm.js';
import { biasedMf, openBiasedMf } from './biased-mf/biased-mf.js';
import { bpr, openBpr } from './bpr/bpr.js';
import { content, openContent } from './content/content.js';
import { ease, openEase } from './ease/ease.js';
import { createHybrid } from './hybrid/hybrid.js';
import type { HybridMembers } from './hybrid/hybrid-parameters.js';
import { ials, openIals } from './ials/ials.js';
import { itemCf, openItemCf } from './item-cf/item-cf.js';
import type { ModelFile } from './model-file.js';
import { readModelFile } from './model-file.js';
import { openPopularity, popularity } from './popularity/popularity.js';
import { openRp3Beta, rp3beta } from './rp3beta/rp3beta.js';
import { openSegmentedPopularity, segmentedPopularity } from './segmented-popularity/segmented-popularity.js';
import { openSlim, slim } from './slim/slim.js';
import { openSvdpp, svdpp } from './svdpp/svdpp.js';
import { openUserCf, userCf } from './user-cf/user-cf.js';

/** What a hybrid can be made of. */
const members = {
  popularity,
  'segmented-popularity': segmentedPopularity,
  'item-cf': itemCf,
  'user-cf': userCf,
  rp3beta,
  ease,
  slim,
  ials,
  content,
  'biased-mf': biasedMf,
  svdpp,
  bpr,
} as const;

// Each member validates whatever object it gets, so its narrower parameter type is safe to forget here.
const hybridFamily = createHybrid(members as unknown as HybridMembers, openVerifiedModel);
export const combineIntoHybrid = hybridFamily.combine;

/** Every algorithm by name. */
export const algorithms = { ...members, hybrid: hybridFamily.algorithm } as const;
export type AlgorithmName = keyof typeof algorithms;

const OPENERS: Readonly<Record<AlgorithmName, (file: ModelFile) => Model>> = {
  popularity: openPopularity,
  'segmented-popularity': openSegmentedPopularity,
  'item-cf': openItemCf,
  'user-cf': openUserCf,
  rp3beta: openRp3Beta,
  ease: openEase,
  slim: openSlim,
  ials: openIals,
  content: openContent,
  'biased-mf': openBiasedMf,
  svdpp: openSvdpp,
  bpr: openBpr,
  hybrid: hybridFamily.open,
};

/**
 * The algorithm of that name; its parameters are checked by `validate` when it is fitted.
 * @throws AlgorithmRangeError ALGORITHM_UNKNOWN
 */
export function algorithmNamed(name: string): Algorithm<object> {
  if (!Object.hasOwn(algorithms, name)) {
    throw new AlgorithmRangeError(
      'ALGORITHM_UNKNOWN',
      'algorithm',
      `${JSON.stringify(name)} is none of ${Object.keys(algorithms).join(', ')}`,
    );
  }
  // `fit` validates whatever object it gets, so the narrower parameter type is safe to forget here.
  return algorithms[name as AlgorithmName] as unknown as Algorithm<object>;
}

function openModelFile(bytes: Uint8Array, verifyChecksum: boolean): Model {
  const file = readModelFile(bytes, verifyChecksum);
  if (!Object.hasOwn(OPENERS, file.algorithm)) {
    throw new ModelFormatError(
      'ALGORITHM_UNKNOWN',
      `no algorithm is called ${JSON.stringify(file.algorithm)}`,
    );
  }
  return OPENERS[file.algorithm as AlgorithmName](file);
}

/**
 * A model from its bytes. The arrays are views of `bytes` when these lie in shared memory at a multiple of 8, otherwise
 * of one shared copy. The checksum is verified.
 * @throws ModelFormatError MODEL_CORRUPT, MODEL_VERSION_UNKNOWN, ALGORITHM_UNKNOWN
 */
export function loadModel(bytes: Uint8Array): Model {
  return openModelFile(bytes, true);
}

/** For a task: the bytes were verified once, before they were shared among the threads. */
export function openVerifiedModel(bytes: Uint8Array): Model {
  return openModelFile(bytes, false);
}
