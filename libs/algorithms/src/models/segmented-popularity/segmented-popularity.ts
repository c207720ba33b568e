import { sharedFloat64 } from '../../parallel/shared-arrays.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import {
  countSegments,
  segmentShares,
  shrunkStrengths,
  strengthsBySegment,
} from './segmented-popularity-kernels.js';
import { SegmentedPopularityModel } from './segmented-popularity-model.js';
import type { SegmentedPopularityParams } from './segmented-popularity-parameters.js';
import { SEGMENTED_POPULARITY_PARAMETERS } from './segmented-popularity-parameters.js';

export const SEGMENTED_POPULARITY_NAME = 'segmented-popularity';

/** Segments that the memory estimate reckons with: the shape of a training set does not tell. */
const ASSUMED_SEGMENTS = 64;

export function openSegmentedPopularity(file: ModelFile): Model {
  return new SegmentedPopularityModel(file);
}

/**
 * Decayed popularity per segment, shrunk towards the popularity overall: score_p = Σ_s P(s | history) · Q θ_sp (formulas
 * in the kernels and the model): an order for the segment that the history points to, and a mixture while it is unclear.
 *
 * Segments reach the fit as `TrainingSet.segmentOfCustomer`. They do not reach the scorer: like every model this one is
 * item-side only and folds in whoever comes with a history, be it a new customer whom nobody has put into a segment, or
 * one who no longer shops as their segment does. So the segment is inferred by Bayes' rule, as multinomial naive Bayes
 * (McCallum and Nigam, 1998) whose evidence is tempered, because products bought together are not independent. Without a
 * history the segments weigh as they do among customers; without segments the score is plain popularity.
 */
export const segmentedPopularity: Algorithm<SegmentedPopularityParams> = {
  name: SEGMENTED_POPULARITY_NAME,
  parameters: SEGMENTED_POPULARITY_PARAMETERS,
  defaults: defaultsOf<SegmentedPopularityParams>(SEGMENTED_POPULARITY_PARAMETERS),
  validate: (params) =>
    validateParameters<SegmentedPopularityParams>(SEGMENTED_POPULARITY_PARAMETERS, params),
  estimateMemoryBytes: ({ productCount }) => 16 * ASSUMED_SEGMENTS * productCount,
  async fit(data, params, { onProgress }) {
    const valid = segmentedPopularity.validate(params);
    const segments = countSegments(data);
    const isSegmented = segments > 0;
    const bytes = writeModelFile(SEGMENTED_POPULARITY_NAME, valid, data.productCount, {
      shares: isSegmented ? segmentShares(data, segments) : sharedFloat64(1).fill(1),
      strengths: isSegmented
        ? shrunkStrengths(strengthsBySegment(data, segments), data.popularity, segments, valid.shrinkage)
        : data.popularity,
    });
    onProgress?.(1);
    return openSegmentedPopularity(readModelFile(bytes, false));
  },
};
