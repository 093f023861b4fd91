/** One event back through the net: from the error of its answer to the gradient of every parameter. */
import { Layer, Network, layerAt } from './layout';
import { slope } from './activation';
import { maskVector, sumLanes4 } from './lanes';

/**
 * The δ of the last layer are there; makes those of the other layers and the event's gradient, which starts the sum
 * of the mini-batch (`first`) or is added to it. x f32[padded inputs] is what the event was to the first layer.
 */
export function backward(net: Network, x: usize, first: bool): void {
  const toGradient = net.training - net.parameters;
  for (let k = net.depth - 1; k > 0; k--) {
    const layer = layerAt(net, k);
    const below = layerAt(net, k - 1);
    accumulate(layer, below.y, toGradient, first);
    propagate(layer, below);
  }
  accumulate(layerAt(net, 0), x, toGradient, first);
}

/** δⱼ below = (Σᵢ wᵢⱼ δᵢ) · φ′ⱼ, the sum as a dot product is: product i to accumulator i mod 4. */
function propagate(layer: Layer, below: Layer): void {
  const pad = (<usize>(below.outputs + 3) & ~3) << 2;
  if (layer.stride == 1) {
    const delta = v128.load32_splat(layer.delta);
    for (let j: usize = 0; j < pad; j += 16) {
      v128.store(below.delta + j, f32x4.mul(v128.load(layer.weights + j), delta));
    }
  } else {
    const rowBytes = (<usize>layer.stride) << 2;
    let row = layer.weights;
    for (let j: usize = 0; j < pad; j += 16) {
      v128.store(below.delta + j, fourSums(row, rowBytes, layer.delta));
      row += rowBytes << 2;
    }
  }
  for (let j: usize = 0; j < pad; j += 16) {
    const phi = slope(below.activation, below.alpha, v128.load(below.z + j), v128.load(below.y + j));
    v128.store(below.delta + j, f32x4.mul(v128.load(below.delta + j), phi));
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
    a = f32x4.add(a, f32x4.mul(v128.load(row + i), di));
    b = f32x4.add(b, f32x4.mul(v128.load(row + rowBytes + i), di));
    c = f32x4.add(c, f32x4.mul(v128.load(row + 2 * rowBytes + i), di));
    d = f32x4.add(d, f32x4.mul(v128.load(row + 3 * rowBytes + i), di));
  }
  return sumLanes4(a, b, c, d);
}

/** Starts or continues a sum. Products of padding are masked before: there 0 · ∞ would be NaN, and stay. */
@inline
function put(at: usize, gradient: v128, first: bool): void {
  v128.store(at, first ? gradient : f32x4.add(v128.load(at), gradient));
}

/** ∂/∂bᵢ = δᵢ and ∂/∂wᵢⱼ = xⱼ δᵢ. */
function accumulate(layer: Layer, x: usize, toGradient: usize, first: bool): void {
  const end = x + ((<usize>layer.inputs) << 2);
  const bias = layer.bias + toGradient;
  const row = layer.weights + toGradient;
  if (layer.stride == 1) accumulateVector(layer, x, end, bias, row, first);
  else accumulateRows(layer, x, end, bias, row, first);
}

/** The weights of a last layer of one unit. */
@inline
function accumulateVector(layer: Layer, x: usize, end: usize, bias: usize, row: usize, first: bool): void {
  const delta = v128.load32_splat(layer.delta);
  put(bias, v128.load32_zero(layer.delta), first);
  for (; x + 16 < end; x += 16, row += 16) put(row, f32x4.mul(v128.load(x), delta), first);
  put(row, v128.and(f32x4.mul(v128.load(x), delta), layer.inputMask), first);
}

/** A row of weights for each input. */
@inline
function accumulateRows(layer: Layer, x: usize, end: usize, bias: usize, row: usize, first: bool): void {
  const delta = layer.delta;
  const last = ((<usize>layer.stride) << 2) - 16;
  for (let i: usize = 0; i <= last; i += 16) put(bias + i, v128.load(delta + i), first);
  for (; x < end; x += 4, row += last + 16) {
    const xj = v128.load32_splat(x);
    for (let i: usize = 0; i < last; i += 16) put(row + i, f32x4.mul(xj, v128.load(delta + i)), first);
    put(row + last, v128.and(f32x4.mul(xj, v128.load(delta + last)), layer.mask), first);
  }
}
