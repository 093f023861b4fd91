/** One event back through the net: from the error of its answer to the gradient of every parameter. */
import { Layer, Network, layerAt } from './layout';
import { HIDDEN_SIGMOID, sigmoidSlope, slope } from './activation';
import { madd, maskVector, nmadd, sumLanes4 } from './lanes';

/**
 * The δ of the last layer are there; makes those of the other layers, and adds the event's gradient to the sum of the
 * mini-batch, which the `first` event starts. With the last event the parameters take their step, w −= rate · sum.
 * x f32[padded inputs] is what the event was to the first layer.
 */
export function backward(net: Network, x: usize, first: bool, last: bool, rate: f32): void {
  const toSum = net.training - net.parameters;
  const keep = i32x4.splat(first ? 0 : -1);
  const step = f32x4.splat(rate);
  for (let k = net.depth - 1; k >= 0; k--) {
    const layer = layerAt(net, k);
    let from = x;
    if (k > 0) {
      const below = layerAt(net, k - 1);
      propagate(layer, below);
      from = below.y;
    }
    if (last) accumulate(layer, from, toSum, keep, true, step);
    else accumulate(layer, from, toSum, keep, false, step);
  }
}

/** δⱼ below = (Σᵢ wᵢⱼ δᵢ) · φ′ⱼ, the sum as a dot product is: product i to accumulator i mod 4. */
export function propagate(layer: Layer, below: Layer): void {
  const pad = (<usize>(below.outputs + 3) & ~3) << 2;
  const rowBytes = (<usize>layer.stride) << 2;
  const only = v128.load32_splat(layer.delta);
  let row = layer.weights;
  for (let j: usize = 0; j < pad; j += 16) {
    const sums = layer.stride == 1 ? f32x4.mul(v128.load(row), only) : fourSums(row, rowBytes, layer.delta);
    const y = v128.load(below.y + j);
    const phi = below.activation == HIDDEN_SIGMOID
      ? sigmoidSlope(y)
      : slope(below.activation, below.alpha, v128.load(below.z + j), y);
    v128.store(below.delta + j, f32x4.mul(sums, phi));
    row += rowBytes << 2;
  }
  maskVector(below.delta + pad - 16, below.mask);
}

/** Four rows of weights, each times δ. */
@inline
function fourSums(row: usize, rowBytes: usize, delta: usize): v128 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let i: usize = 0; i < rowBytes; i += 16) {
    const di = v128.load(delta + i);
    a = madd(v128.load(row + i), di, a);
    b = madd(v128.load(row + rowBytes + i), di, b);
    c = madd(v128.load(row + 2 * rowBytes + i), di, c);
    d = madd(v128.load(row + 3 * rowBytes + i), di, d);
  }
  return sumLanes4(a, b, c, d);
}

/** Adds to the sum of four parameters; after the last event they take their step. */
@inline
function put(parameters: usize, gradient: v128, toSum: usize, keep: v128, last: bool, step: v128): void {
  const sum = f32x4.add(v128.and(v128.load(parameters + toSum), keep), gradient);
  if (last) v128.store(parameters, nmadd(step, sum, v128.load(parameters)));
  else v128.store(parameters + toSum, sum);
}

/** ∂/∂bᵢ = δᵢ and ∂/∂wᵢⱼ = xⱼ δᵢ. Products of padding are masked: there 0 · ∞ would be NaN, and stay. */
@inline
function accumulate(layer: Layer, x: usize, toSum: usize, keep: v128, last: bool, step: v128): void {
  const end = x + ((<usize>layer.inputs) << 2);
  const rowBytes = (<usize>layer.stride) << 2;
  let w = layer.weights;
  if (layer.stride == 1) {
    const delta = v128.load32_splat(layer.delta);
    put(layer.bias, v128.load32_zero(layer.delta), toSum, keep, last, step);
    for (; x + 16 < end; x += 16, w += 16) put(w, f32x4.mul(v128.load(x), delta), toSum, keep, last, step);
    put(w, v128.and(f32x4.mul(v128.load(x), delta), layer.inputMask), toSum, keep, last, step);
    return;
  }
  for (let i: usize = 0; i < rowBytes; i += 16) {
    const delta = v128.load(layer.delta + i);
    let mask = layer.mask;
    if (i + 16 < rowBytes) mask = i32x4.splat(-1);
    put(layer.bias + i, delta, toSum, keep, last, step);
    w = layer.weights + i;
    for (let at = x; at < end; at += 4, w += rowBytes) {
      put(w, v128.and(f32x4.mul(v128.load32_splat(at), delta), mask), toSum, keep, last, step);
    }
  }
}
