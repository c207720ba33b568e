/*
 * Dense symmetric kernels in Float64. Legend: A = d × d symmetric matrix, row-major, only its upper triangle (and the
 * diagonal tiles) read; S = n × d row-major; d is a multiple of 4. Sums run in a fixed order: results are reproducible bit
 * for bit.
 */

/** The stride for `factors` columns: the next multiple of 8; columns beyond `factors` stay zero. */
export function paddedStride(factors: number): number {
  return (factors + 7) & ~7;
}

/**
 * A += Sᵀ S on the upper triangle (symmetric rank-n update), n · d² / 2 multiply-adds. A tile of 2 × 4 sums stays in
 * registers over all n rows; 8 sums and 6 operands are what 16 floating-point registers hold.
 * @param A length d · d
 * @param S length ≥ n · d
 */
export function addGramInto(A: Float64Array, S: Float64Array, n: number, d: number): void {
  const end = n * d;
  for (let j = 0; j < d; j += 4) {
    for (let i = 0; i < j + 4; i += 2) {
      const top = i * d + j;
      const low = top + d;
      let a0 = A[top],
        a1 = A[top + 1],
        a2 = A[top + 2],
        a3 = A[top + 3];
      let b0 = A[low],
        b1 = A[low + 1],
        b2 = A[low + 2],
        b3 = A[low + 3];
      for (let k = 0; k < end; k += d) {
        const x = S[k + i],
          z = S[k + i + 1];
        const y0 = S[k + j],
          y1 = S[k + j + 1],
          y2 = S[k + j + 2],
          y3 = S[k + j + 3];
        a0 += x * y0;
        a1 += x * y1;
        a2 += x * y2;
        a3 += x * y3;
        b0 += z * y0;
        b1 += z * y1;
        b2 += z * y2;
        b3 += z * y3;
      }
      A[top] = a0;
      A[top + 1] = a1;
      A[top + 2] = a2;
      A[top + 3] = a3;
      A[low] = b0;
      A[low + 1] = b1;
      A[low + 2] = b2;
      A[low + 3] = b3;
    }
  }
}

/**
 * Overwrites the upper triangle of A with R, A = Rᵀ R (Cholesky, right-looking so that the inner loop walks a row).
 * d³ / 6 multiply-adds.
 * @returns false when A is not positive definite (a pivot is not above 0); A is then half overwritten
 */
export function factorCholesky(A: Float64Array, d: number): boolean {
  for (let k = 0; k < d; k++) {
    const row = k * d;
    const pivot = A[row + k];
    if (!(pivot > 0)) return false;
    const inverse = 1 / Math.sqrt(pivot);
    for (let j = k; j < d; j++) A[row + j] *= inverse;
    for (let i = k + 1; i < d; i++) {
      const m = A[row + i];
      const target = i * d;
      for (let j = i; j < d; j++) A[target + j] -= m * A[row + j];
    }
  }
  return true;
}

/** Overwrites b with x, where Rᵀ R x = b and R is the upper triangle left by `factorCholesky`. */
export function solveCholeskyInto(b: Float64Array, R: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    const row = i * d;
    const x = b[i] / R[row + i];
    b[i] = x;
    for (let j = i + 1; j < d; j++) b[j] -= x * R[row + j];
  }
  for (let i = d - 1; i >= 0; i--) {
    const row = i * d;
    let sum = b[i];
    for (let j = i + 1; j < d; j++) sum -= R[row + j] * b[j];
    b[i] = sum / R[row + i];
  }
}
