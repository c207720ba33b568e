/** Gauss-Jordan elimination without pivoting, for symmetric positive definite matrices: slow and plain on purpose. */
export function invertByElimination(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivot = a[k][k];
    for (let j = 0; j < 2 * n; j++) a[k][j] /= pivot;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const m = a[i][k];
      if (m !== 0) for (let j = k; j < 2 * n; j++) a[i][j] -= m * a[k][j];
    }
  }
  return a.map((row) => row.slice(n));
}
