/** A row's pairs against the fixed side. */
interface Row {
  readonly indices: Int32Array;
  readonly weights: Float32Array;
  readonly ridge: number;
}

/**
 * The plain twin of the kernel `stepRows`, in double precision: steps of conjugate gradients on
 * (G + Σ w y yᵀ + ridge I) x = Σ w y from the x given, with the matrix written out (Hestenes and Stiefel, 1952).
 * @param x overwritten
 * @param gram G, full square
 */
export function stepRow(
  x: Float64Array,
  fixed: Float32Array,
  gram: Float64Array,
  { indices, weights, ridge }: Row,
  steps: number,
): void {
  const d = x.length;
  const matrix = Float64Array.from(gram);
  const residual = new Float64Array(d);
  for (let i = 0; i < d; i++) matrix[i * d + i] += ridge;
  indices.forEach((index, e) => {
    const y = fixed.subarray(index * d, (index + 1) * d);
    for (let i = 0; i < d; i++) {
      residual[i] += weights[e] * y[i];
      for (let j = 0; j < d; j++) matrix[i * d + j] += weights[e] * y[i] * y[j];
    }
  });
  const multiply = (v: Float64Array) =>
    Float64Array.from(v, (_, i) => dot(matrix.subarray(i * d, (i + 1) * d), v));
  multiply(x).forEach((value, i) => (residual[i] -= value));
  let direction = residual.slice();
  for (let step = 0; step < steps; step++) {
    const squared = dot(residual, residual);
    const image = multiply(direction);
    const length = squared / dot(direction, image);
    for (let i = 0; i < d; i++) {
      x[i] += length * direction[i];
      residual[i] -= length * image[i];
    }
    const ratio = dot(residual, residual) / squared;
    direction = direction.map((value, i) => residual[i] + ratio * value);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
