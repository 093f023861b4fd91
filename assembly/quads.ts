/**
 * Many drones on one event: four of one shape at a time, a quad, a drone a lane. Nothing is summed across lanes, a
 * division serves four drones, and each drone sees the same operations in the same order as it would alone.
 *
 * A quad is read from its start to its end; whoever calls has written it so (`bindings/swarm/simd.ts`):
 *
 *   i32      inputs, depth, drones (lanes in use, from the first), outputs
 *   u32      place[4]                        bytes from the start of an answer to each drone's outputs
 *   inputs × f64 offset[4] scale[4] fallback[4], u32 column[4]    bytes from the start of an event to the input
 *   depth ×  i32 units, activation, f32 alpha, 0, u32 mask[3 × 4], f32 bias[units × 4], f32 weights[inputs × units × 4]
 *
 * Weights are input-major, w₀₀ w₁₀ w₂₀ … w₀₁ …, each for four drones. Units are padded to a multiple of four, so that
 * drones of 13 to 16 hidden units share a quad, and the masks clear the last three where a drone has fewer. A last
 * layer of one unit is not padded, and the inputs of it are, also where they are those of the event.
 */
import { SOFTMAX, activate } from './activation';
import { madd } from './lanes';
import { inside } from './layout';
import { seen } from './preprocess';
import { softmaxFour } from './softmax';

/**
 * Scores `count` events, one every `eventBytes`, with the quads of a list of pointers, into answers, one every
 * `outBytes`. Scratch: 2 × f32[width × 4], at a distance of `half` bytes.
 */
export function scoreQuads(
  quads: usize,
  end: usize,
  events: usize,
  eventBytes: usize,
  count: i32,
  scratch: usize,
  half: usize,
  out: usize,
  outBytes: usize,
): void {
  for (; count > 0; count--, events += eventBytes, out += outBytes) {
    const missing = lacks(events, events + eventBytes);
    for (let at = quads; at < end; at += 4) scoreQuad(load<u32>(at), events, missing, scratch, scratch + half, out);
  }
}

/** Whether a number is not finite. */
function lacks(at: usize, end: usize): bool {
  let sum: f64 = 0;
  for (; at < end; at += 8) sum += load<f64>(at) - load<f64>(at);
  return sum != 0;
}

function scoreQuad(quad: usize, event: usize, missing: bool, x: usize, y: usize, out: usize): void {
  let inputs = <usize>load<u32>(quad);
  let at = quad + 32;
  const first = at + inputs * 112;
  for (let to = x; at < first; at += 112, to += 16) v128.store(to, input(at, event, missing));
  for (let depth = load<i32>(quad, 4); depth > 0; depth--) {
    const units = <usize>load<u32>(at);
    const activation = inside(load<i32>(at, 4), depth > 1);
    if (units == 1) dot(at + 64, x, inputs, y);
    else dense(at + 64, x, inputs, units, y);
    if (activation == SOFTMAX) softmaxFour(load<i32>(quad, 12), y, 16);
    else activate(activation, load<f32>(at, 8), <i32>units << 2, y, y);
    if (depth > 1) clear(at + 16, y + (units << 4) - 48);
    at += 64 + ((units + inputs * units) << 4);
    inputs = units;
    const swap = x;
    x = y;
    y = swap;
  }
  storeAnswers(quad, x, out);
}

/** An input of four drones: [f64 f64] [f64 f64] → [f32 f32 f32 f32]. */
@inline
function input(at: usize, event: usize, missing: bool): v128 {
  let low = v128.load64_lane(event + load<u32>(at, 100), v128.load64_zero(event + load<u32>(at, 96)), 1);
  let high = v128.load64_lane(event + load<u32>(at, 108), v128.load64_zero(event + load<u32>(at, 104)), 1);
  if (missing) {
    low = known(low, v128.load(at, 64));
    high = known(high, v128.load(at, 80));
  }
  const a = seen(low, v128.load(at), v128.load(at, 32));
  const b = seen(high, v128.load(at, 16), v128.load(at, 48));
  return i32x4.shuffle(a, b, 0, 1, 4, 5);
}

/** x − x is 0 where x is finite, else NaN, which equals nothing. */
@inline
function known(x: v128, fallback: v128): v128 {
  return v128.bitselect(x, fallback, f64x2.eq(f64x2.sub(x, x), f64x2.splat(0)));
}

/** z = b + W x, four units at a time. */
@inline
function dense(bias: usize, x: usize, inputs: usize, units: usize, z: usize): void {
  const rowBytes = units << 4;
  const end = x + (inputs << 4);
  for (const last = bias + rowBytes; bias < last; bias += 64, z += 64) {
    let z0 = v128.load(bias);
    let z1 = v128.load(bias, 16);
    let z2 = v128.load(bias, 32);
    let z3 = v128.load(bias, 48);
    let w = bias + rowBytes;
    for (let at = x; at < end; at += 16, w += rowBytes) {
      const xj = v128.load(at);
      z0 = madd(xj, v128.load(w), z0);
      z1 = madd(xj, v128.load(w, 16), z1);
      z2 = madd(xj, v128.load(w, 32), z2);
      z3 = madd(xj, v128.load(w, 48), z3);
    }
    v128.store(z, z0);
    v128.store(z, z1, 16);
    v128.store(z, z2, 32);
    v128.store(z, z3, 48);
  }
}

/** A last layer of one unit: product j to accumulator j mod 4, then b + ((a₀ + a₁) + (a₂ + a₃)). */
@inline
function dot(bias: usize, x: usize, inputs: usize, z: usize): void {
  let w = bias + 16;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = x + (inputs << 4); x < end; x += 64, w += 64) {
    s0 = madd(v128.load(x), v128.load(w), s0);
    s1 = madd(v128.load(x, 16), v128.load(w, 16), s1);
    s2 = madd(v128.load(x, 32), v128.load(w, 32), s2);
    s3 = madd(v128.load(x, 48), v128.load(w, 48), s3);
  }
  v128.store(z, f32x4.add(v128.load(bias), f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))));
}

/** The last three units, where they are padding: bits, not a product, since 0 · ∞ is NaN. */
@inline
function clear(mask: usize, y: usize): void {
  for (const end = mask + 48; mask < end; mask += 16, y += 16) v128.store(y, v128.and(v128.load(y), v128.load(mask)));
}

/** y f32[outputs × 4] → each drone's outputs at its place of the answer. */
@inline
function storeAnswers(quad: usize, y: usize, out: usize): void {
  const outputs = <usize>load<u32>(quad, 12);
  for (const end = quad + (<usize>load<u32>(quad, 8) << 2); quad < end; quad += 4, y += 4) {
    const to = out + load<u32>(quad, 16);
    for (let i: usize = 0; i < outputs; i++) store<f32>(to + (i << 2), load<f32>(y + (i << 4)));
  }
}
