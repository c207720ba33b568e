// The inverse of a symmetric positive definite matrix by sweeping blocks of TILE rows (see `symmetric-inverse.ts`).
import { floats } from './simd';
import { Into, multiplyTile, packedAt, PANEL_ROWS } from './tile';

/** Rows and columns of a tile: 16 KiB, and as much for each of two packed operands. */
const TILE: i32 = PANEL_ROWS;
const TILE_ROW: usize = 4 * TILE;
@inline function doubles(row: i32, column: i32): usize {
  return <usize>(row * TILE + column) << 3;
}

/**
 * Sweeps the pivot tile D = RᵀR (Cholesky, in double precision): D becomes −D⁻¹, and V = R⁻¹ and Vᵀ are left packed.
 * Scratch: 2 · TILE² doubles. Returns false if D is not positive definite; D is then as it was.
 */
export function sweepPivot(D: usize, V: usize, Vt: usize, scratch: usize): bool {
  const R = scratch;
  const U = scratch + doubles(TILE, 0);
  for (let i = 0; i < TILE * TILE; i++) store<f64>(R + (<usize>i << 3), load<f32>(D + floats(i)));
  if (!factorPivot(R)) return false;
  invertTriangle(U, R);
  for (let i = 0; i < TILE; i++) {
    for (let j = 0; j < TILE; j++) {
      const u: f32 = j < i ? 0 : <f32>load<f64>(U + doubles(i, j));
      store<f32>(V + packedAt(i, j), u);
      store<f32>(Vt + packedAt(j, i), u);
      if (j < i) continue;
      // D⁻¹ = U Uᵀ.
      let sum: f64 = 0;
      for (let k = j; k < TILE; k++) sum += load<f64>(U + doubles(i, k)) * load<f64>(U + doubles(j, k));
      store<f32>(D + floats(i * TILE + j), -(<f32>sum));
      store<f32>(D + floats(j * TILE + i), -(<f32>sum));
    }
  }
  return true;
}

/** Overwrites the upper triangle with R. */
function factorPivot(R: usize): bool {
  for (let k = 0; k < TILE; k++) {
    const pivot = load<f64>(R + doubles(k, k));
    // Not `pivot <= 0`: a NaN must not pass either.
    if (!(pivot > 0)) return false;
    const inverse = 1 / sqrt<f64>(pivot);
    for (let j = k; j < TILE; j++) store<f64>(R + doubles(k, j), load<f64>(R + doubles(k, j)) * inverse);
    for (let i = k + 1; i < TILE; i++) {
      const m = load<f64>(R + doubles(k, i));
      for (let j = i; j < TILE; j++) {
        const at = R + doubles(i, j);
        store<f64>(at, load<f64>(at) - m * load<f64>(R + doubles(k, j)));
      }
    }
  }
  return true;
}

/** The upper triangle of U = R⁻¹, row by row from the last: U R = I. */
function invertTriangle(U: usize, R: usize): void {
  for (let i = TILE - 1; i >= 0; i--) {
    const inverse = 1 / load<f64>(R + doubles(i, i));
    for (let j = i; j < TILE; j++) store<f64>(U + doubles(i, j), 0);
    for (let k = i + 1; k < TILE; k++) {
      const m = load<f64>(R + doubles(i, k)) * inverse;
      for (let j = k; j < TILE; j++) {
        const at = U + doubles(i, j);
        store<f64>(at, load<f64>(at) - m * load<f64>(U + doubles(k, j)));
      }
    }
    store<f64>(U + doubles(i, i), inverse);
  }
}

/**
 * A tile M of the pivot's row (given as it is, or transposed) becomes D⁻¹M, and W = VᵀM is left packed; V, Vt from
 * `sweepPivot`. Scratch: 2 · TILE² floats.
 */
export function sweepPanelTile(M: usize, isTransposed: bool, V: usize, Vt: usize, W: usize, scratch: usize): void {
  const packed = scratch;
  const result = scratch + floats(TILE * TILE);
  if (isTransposed) transposeTile(result, M);
  pack(packed, isTransposed ? result : M);
  // V is upper triangular, so row i of Vᵀ ends at i, and row i of V starts there.
  for (let c = 0; c < TILE; c += 8) {
    const group = packed + packedAt(0, c);
    for (let i = 0; i < TILE; i += 4) multiplyTile(W + packedAt(i, c), 0, 32, V + packedAt(0, i), group, i + 4, Into.Sum);
  }
  const out = isTransposed ? result : M;
  for (let c = 0; c < TILE; c += 8) {
    const group = W + packedAt(0, c);
    for (let i = 0; i < TILE; i += 4) {
      const skipped = packedAt(i, 0);
      multiplyTile(out + floats(i * TILE + c), 0, TILE_ROW, Vt + packedAt(0, i) + skipped, group + skipped, TILE - i, Into.Sum);
    }
  }
  if (isTransposed) transposeTile(M, result);
}

function pack(to: usize, from: usize): void {
  for (let k = 0; k < TILE; k++) {
    for (let c = 0; c < TILE; c += 8) {
      const at = from + floats(k * TILE + c);
      v128.store(to + packedAt(k, c), v128.load(at));
      v128.store(to + packedAt(k, c), v128.load(at, 16), 16);
    }
  }
}

function transposeTile(to: usize, from: usize): void {
  for (let i = 0; i < TILE; i++) {
    for (let j = 0; j < TILE; j++) store<f32>(to + floats(j * TILE + i), load<f32>(from + floats(i * TILE + j)));
  }
}

/** C −= XᵀY for a whole tile C and packed X and Y. TILE³ multiply-adds. */
export function subtractProduct(C: usize, X: usize, Y: usize): void {
  for (let c = 0; c < TILE; c += 8) {
    const y = Y + packedAt(0, c);
    for (let i = 0; i < TILE; i += 4) {
      const at = C + floats(i * TILE + c);
      multiplyTile(at, at, TILE_ROW, X + packedAt(0, i), y, TILE, Into.Less);
    }
  }
}
