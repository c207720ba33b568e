// Coordinate descent for one column of SLIM. Legend: G the Gram matrix (rows of `width` floats, a multiple of 4), w the
// weights of the column, c = G_j − G w its correlations with the residual, l1 and l2 the two penalties.
import { addScaled, floats } from './simd';

/** The largest change of a weight in one pass over all columns (or, if `list` ≥ 0, over those listed). */
@inline function step(w: usize, c: usize, G: usize, k: i32, row: usize, l1: f32, l2: f32): f32 {
  const at = floats(k);
  const old = load<f32>(w + at);
  const correlation = load<f32>(c + at);
  if (old === 0 && correlation <= l1) return 0;
  const g = G + <usize>k * row;
  const diagonal = load<f32>(g + at);
  const updated = max<f32>(0, (correlation + diagonal * old - l1) / (diagonal + l2));
  const change = updated - old;
  if (change === 0) return 0;
  store<f32>(w + at, updated);
  addScaled(c, g, -change, row);
  return abs<f32>(change);
}

/**
 * w, all 0 at first, becomes the minimiser over w ≥ 0, w_self = 0 of ½ wᵀGw − G_jᵀw + ½ l2 |w|² + l1 Σw; c, G_j at first,
 * follows. Passes over all columns alternate with passes over the non-zero ones until these stand still.
 * `count` columns, `active` room for as many. Returns the number of passes over all columns; `most` + 1 if it never stood still.
 */
export function descendColumn(
  w: usize, c: usize, G: usize, width: i32, count: i32, self: i32, l1: f32, l2: f32,
  tolerance: f32, most: i32, active: usize,
): i32 {
  const row = floats(width);
  for (let pass = 1; pass <= most; pass++) {
    let largest: f32 = 0;
    let size = 0;
    for (let k = 0; k < count; k++) {
      if (k === self) continue;
      largest = max<f32>(largest, step(w, c, G, k, row, l1, l2));
      if (load<f32>(w + floats(k)) > 0) store<i32>(active + floats(size++), k);
    }
    if (largest <= tolerance) return pass;
    for (let inner = 0; inner < most; inner++) {
      largest = 0;
      for (let a = 0; a < size; a++) {
        largest = max<f32>(largest, step(w, c, G, load<i32>(active + floats(a)), row, l1, l2));
      }
      if (largest <= tolerance) break;
    }
  }
  return most + 1;
}
