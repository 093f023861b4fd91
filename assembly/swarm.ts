/**
 * Many drones on one event: four of one shape at a time, a quad, a drone a lane. Nothing is summed across lanes, a
 * division serves four drones, and each drone sees the same operations in the same order as it would alone.
 *
 * A quad is read from its start to its end; whoever calls has written it so (`bindings/engines/simd-swarm.ts`):
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
import { normalise } from './preprocess';
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
  for (; quads < end; quads += 4) {
    const quad = <usize>load<u32>(quads);
    for (let n = 0; n < count; n++) {
      scoreQuad(quad, events + <usize>n * eventBytes, scratch, scratch + half, out + <usize>n * outBytes);
    }
  }
}

function scoreQuad(quad: usize, event: usize, x: usize, y: usize, out: usize): void {
  let inputs = <usize>load<u32>(quad);
  let at = quad + 32;
  const first = at + inputs * 112;
  for (let to = x; at < first; at += 112, to += 16) v128.store(to, input(at, event));
  for (let depth = load<i32>(quad, 4); depth > 0; depth--) {
    const units = <usize>load<u32>(at);
    const activation = load<i32>(at, 4);
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

/** One input of four drones: [f64 f64] [f64 f64] → [f32 f32 · ·] [f32 f32 · ·] → [f32 f32 f32 f32]. */
@inline
function input(at: usize, event: usize): v128 {
  const low = v128.load64_lane(event + load<u32>(at, 100), v128.load64_zero(event + load<u32>(at, 96)), 1);
  const high = v128.load64_lane(event + load<u32>(at, 108), v128.load64_zero(event + load<u32>(at, 104)), 1);
  return i32x4.shuffle(
    normalise(low, v128.load(at, 64), v128.load(at), v128.load(at, 32)),
    normalise(high, v128.load(at, 80), v128.load(at, 16), v128.load(at, 48)),
    0, 1, 4, 5,
  );
}

@inline
function step(sum: v128, x: v128, w: usize): v128 {
  return f32x4.add(sum, f32x4.mul(x, v128.load(w)));
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
      z0 = step(z0, xj, w);
      z1 = step(z1, xj, w + 16);
      z2 = step(z2, xj, w + 32);
      z3 = step(z3, xj, w + 48);
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
    s0 = step(s0, v128.load(x), w);
    s1 = step(s1, v128.load(x, 16), w + 16);
    s2 = step(s2, v128.load(x, 32), w + 32);
    s3 = step(s3, v128.load(x, 48), w + 48);
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
