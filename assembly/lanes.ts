/** What moves lanes, or is too small for a file of its own. f32 lanes are written [a b c d], lowest first. */

/** a · b + c, which rounds twice; in the relaxed kernels once. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** c − a · b, likewise. */
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** [a b c d] → (a + b) + (c + d), the order of a dot product's last sums. */
@inline
export function sumLanes(v: v128): f32 {
  const pairs = f32x4.add(v, i32x4.shuffle(v, v, 1, 0, 3, 2));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 2);
}

/** The same sum in all lanes: [a b c d] → [s s s s]. */
@inline
export function sumAll(v: v128): v128 {
  const pairs = f32x4.add(v, i32x4.shuffle(v, v, 1, 0, 3, 2));
  return f32x4.add(pairs, i32x4.shuffle(pairs, pairs, 2, 3, 0, 1));
}

/**
 * Four such sums at once: a, b, c, d → [Σa Σb Σc Σd].
 *
 *   even [a0 a2 b0 b2] + odd [a1 a3 b1 b3] = [a01 a23 b01 b23], the same of c and d, and once more.
 */
@inline
export function sumLanes4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(i32x4.shuffle(a, b, 0, 2, 4, 6), i32x4.shuffle(a, b, 1, 3, 5, 7));
  const cd = f32x4.add(i32x4.shuffle(c, d, 0, 2, 4, 6), i32x4.shuffle(c, d, 1, 3, 5, 7));
  return f32x4.add(i32x4.shuffle(ab, cd, 0, 2, 4, 6), i32x4.shuffle(ab, cd, 1, 3, 5, 7));
}

/** Clears the padding of the vector at `at`: bits, not a product, since 0 · ∞ is NaN. */
@inline
export function maskVector(at: usize, mask: v128): void {
  v128.store(at, v128.and(v128.load(at), mask));
}
