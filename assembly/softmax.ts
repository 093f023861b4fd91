/** eˣⁱ⁻ᵐ / Σ eˣᵏ⁻ᵐ with m the largest x; the sum from the first to the last output. */
import { exp } from './exp';

/** The outputs of one event: x f32[count] → y, in whole vectors; what x holds in the padding does not count. */
export function softmax(count: i32, x: usize, y: usize): void {
  const end = (<usize>count) << 2;
  let largest = load<f32>(x);
  for (let i: usize = 4; i < end; i += 4) {
    const xi = load<f32>(x + i);
    largest = xi > largest ? xi : largest;
  }
  for (let i: usize = 0; i < end; i += 16) {
    v128.store(y + i, exp(f32x4.sub(v128.load(x + i), f32x4.splat(largest))));
  }
  let sum = load<f32>(y);
  for (let i: usize = 4; i < end; i += 4) sum += load<f32>(y + i);
  for (let i: usize = 0; i < end; i += 16) v128.store(y + i, f32x4.div(v128.load(y + i), f32x4.splat(sum)));
}

/** The outputs of eight events across the lanes: y f32[count × 8], in place. */
export function softmaxLanes(count: i32, y: usize): void {
  softmaxFour(count, y, 32);
  softmaxFour(count, y + 16, 32);
}

/** Four softmaxes across the lanes, in place: the next output lies `stride` bytes on. */
export function softmaxFour(count: i32, y: usize, stride: usize): void {
  const end = y + <usize>count * stride;
  let largest = v128.load(y);
  for (let at = y + stride; at < end; at += stride) largest = f32x4.pmax(largest, v128.load(at));
  let sum = exp(f32x4.sub(v128.load(y), largest));
  v128.store(y, sum);
  for (let at = y + stride; at < end; at += stride) {
    const power = exp(f32x4.sub(v128.load(at), largest));
    v128.store(at, power);
    sum = f32x4.add(sum, power);
  }
  for (let at = y; at < end; at += stride) v128.store(at, f32x4.div(v128.load(at), sum));
}
