/**
 * Eight events through the net at once, across the lanes of two vectors: every weight is splatted and used for
 * eight, nothing is padded, and each event sees the same operations in the same order as it would alone.
 *
 * Activations lie as f32[units × 8]: unit i of the eight events at i · 32 bytes.
 */
import { Layer, Network, layerAt } from './layout';
import { SOFTMAX, activate } from './activation';
import { preprocessLanes } from './preprocess';
import { madd } from './lanes';
import { softmaxLanes } from './softmax';

/**
 * `blocks` × 8 events → out f32[blocks × 8 × outputs]. Scratch: 2 × f32[width × 8].
 * The events are f64 or f32, one after the other.
 */
export function forwardBlocks(
  net: Network,
  events: usize,
  double: bool,
  blocks: i32,
  scratch: usize,
  out: usize,
): void {
  const half = (<usize>net.width) << 5;
  const blockBytes = (<usize>net.inputs) << (double ? 6 : 5);
  const outBytes = (<usize>net.outputs) << 5;
  for (let n = 0; n < blocks; n++) {
    let x = scratch;
    let y = scratch + half;
    preprocessLanes(net, events, double, x);
    for (let k = 0; k < net.depth; k++) {
      layerLanes(layerAt(net, k), x, y);
      const swap = x;
      x = y;
      y = swap;
    }
    storeAnswers(x, net.outputs, out);
    events += blockBytes;
    out += outBytes;
  }
}

function layerLanes(layer: Layer, x: usize, y: usize): void {
  if (layer.stride == 1) dotLanes(layer, x, y);
  else denseLanes(layer, x, y);
  if (layer.activation == SOFTMAX) softmaxLanes(layer.outputs, y);
  else activate(layer.activation, layer.alpha, layer.outputs << 3, y, y);
}

/** Four outputs of eight events: eight sums in flight. */
function denseLanes(layer: Layer, x: usize, y: usize): void {
  const rowBytes = (<usize>layer.stride) << 2;
  const end = x + ((<usize>layer.inputs) << 5);
  for (let i: usize = 0; i < rowBytes; i += 16) {
    let w = layer.weights + i;
    let a0 = v128.load32_splat(layer.bias + i);
    let a1 = v128.load32_splat(layer.bias + i, 4);
    let a2 = v128.load32_splat(layer.bias + i, 8);
    let a3 = v128.load32_splat(layer.bias + i, 12);
    let b0 = a0;
    let b1 = a1;
    let b2 = a2;
    let b3 = a3;
    for (let xj = x; xj < end; xj += 32) {
      const xa = v128.load(xj);
      const xb = v128.load(xj, 16);
      const w0 = v128.load32_splat(w);
      const w1 = v128.load32_splat(w, 4);
      const w2 = v128.load32_splat(w, 8);
      const w3 = v128.load32_splat(w, 12);
      a0 = madd(xa, w0, a0);
      b0 = madd(xb, w0, b0);
      a1 = madd(xa, w1, a1);
      b1 = madd(xb, w1, b1);
      a2 = madd(xa, w2, a2);
      b2 = madd(xb, w2, b2);
      a3 = madd(xa, w3, a3);
      b3 = madd(xb, w3, b3);
      w += rowBytes;
    }
    v128.store(y, a0);
    v128.store(y, b0, 16);
    v128.store(y, a1, 32);
    v128.store(y, b1, 48);
    v128.store(y, a2, 64);
    v128.store(y, b2, 80);
    v128.store(y, a3, 96);
    v128.store(y, b3, 112);
    y += 128;
  }
}

/** A last layer of one unit: product j to accumulator j mod 4, as `dot` does for one event. */
function dotLanes(layer: Layer, x: usize, z: usize): void {
  dotFour(layer, x, z);
  dotFour(layer, x + 16, z + 16);
}

function dotFour(layer: Layer, x: usize, z: usize): void {
  const end = x + ((<usize>layer.inputs) << 5);
  let w = layer.weights;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; x + 96 < end; x += 128) {
    s0 = madd(v128.load(x), v128.load32_splat(w), s0);
    s1 = madd(v128.load(x, 32), v128.load32_splat(w, 4), s1);
    s2 = madd(v128.load(x, 64), v128.load32_splat(w, 8), s2);
    s3 = madd(v128.load(x, 96), v128.load32_splat(w, 12), s3);
    w += 16;
  }
  if (x < end) s0 = madd(v128.load(x), v128.load32_splat(w), s0);
  if (x + 32 < end) s1 = madd(v128.load(x, 32), v128.load32_splat(w, 4), s1);
  if (x + 64 < end) s2 = madd(v128.load(x, 64), v128.load32_splat(w, 8), s2);
  const sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  v128.store(z, f32x4.add(v128.load32_splat(layer.bias), sum));
}

/** y f32[outputs × 8] → out f32[8 × outputs]. */
function storeAnswers(y: usize, outputs: i32, out: usize): void {
  if (outputs == 1) {
    v128.store(out, v128.load(y));
    v128.store(out, v128.load(y, 16), 16);
    return;
  }
  for (let lane: usize = 0; lane < 32; lane += 4) {
    for (let i = 0; i < outputs; i++) {
      store<f32>(out, load<f32>(y + ((<usize>i) << 5) + lane));
      out += 4;
    }
  }
}
