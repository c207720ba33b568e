import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import type { Algorithm } from '../algorithm.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import type { RatingFactors } from './fit-rating-factors.js';
import { fitRatingFactors } from './fit-rating-factors.js';
import type { RatingFactorParams } from './rating-factor-parameters.js';
import { RATING_FACTOR_PARAMETERS } from './rating-factor-parameters.js';
import { NUMBERS, RatingFactorModel } from './rating-factor-model.js';

function numbersOf({ scale, noisePrecision }: RatingFactors, values: Float32Array): Float64Array {
  const numbers = new Float64Array(Object.keys(NUMBERS).length);
  numbers[NUMBERS.mean] = scale.mean;
  numbers[NUMBERS.deviation] = scale.deviation;
  numbers[NUMBERS.noisePrecision] = noisePrecision;
  numbers[NUMBERS.lowest] = values.reduce((low, value) => Math.min(low, value), Infinity);
  numbers[NUMBERS.highest] = values.reduce((high, value) => Math.max(high, value), -Infinity);
  return numbers;
}

function writeRatingModel(
  name: string,
  params: RatingFactorParams,
  data: TrainingSet,
  fitted: RatingFactors,
) {
  const { products, feedback, precisions } = fitted;
  return writeModelFile(name, params, data.productCount, {
    means: products.means,
    variances: products.variances,
    feedback,
    precisions,
    known: Uint8Array.from(data.customerCountOfProduct, (customers) => (customers > 0 ? 1 : 0)),
    numbers: numbersOf(fitted, data.byCustomer.values),
  });
}

/** An algorithm for ratings, with or without the implicit feedback of SVD++. */
export function ratingAlgorithm(name: string, usesFeedback: boolean): Algorithm<RatingFactorParams> {
  const validate = (params: unknown) =>
    validateParameters<RatingFactorParams>(RATING_FACTOR_PARAMETERS, params);
  return {
    name,
    predictsValues: true,
    parameters: RATING_FACTOR_PARAMETERS,
    defaults: defaultsOf<RatingFactorParams>(RATING_FACTOR_PARAMETERS),
    validate,
    estimateMemoryBytes({ customerCount, productCount }, { factors }) {
      const stride = paddedStride(factors + 1);
      // Means, variances, prior means and weights; 8 columns of residuals for each of up to 64 tasks; the model's copies.
      const rows = customerCount + productCount;
      const perRow = (usesFeedback ? 16 : 12) * stride + (usesFeedback ? 8 * (stride + 8) : 0);
      return rows * perRow + productCount * (12 * stride + 1) + 64 * 4 * 8 * stride * (stride + 16);
    },
    async fit(data, params, context) {
      const valid = validate(params);
      const fitted = await fitRatingFactors(data, valid, usesFeedback, context);
      const bytes = writeRatingModel(name, valid, data, fitted);
      return new RatingFactorModel(readModelFile(bytes, false));
    },
  };
}
