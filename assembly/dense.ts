/** z = b + W x of one event, outputs across the lanes. Every zᵢ starts at bᵢ and takes xⱼ · wᵢⱼ in the order of j. */
import { Layer } from './layout';
import { madd, sumLanes } from './lanes';

/** Sixteen outputs: four sums in flight hide the latency of the addition. */
@inline
function dense16(b: usize, w: usize, rowBytes: usize, x: usize, end: usize, z: usize): void {
  let z0 = v128.load(b);
  let z1 = v128.load(b, 16);
  let z2 = v128.load(b, 32);
  let z3 = v128.load(b, 48);
  for (; x < end; x += 4) {
    const xj = v128.load32_splat(x);
    z0 = madd(xj, v128.load(w), z0);
    z1 = madd(xj, v128.load(w, 16), z1);
    z2 = madd(xj, v128.load(w, 32), z2);
    z3 = madd(xj, v128.load(w, 48), z3);
    w += rowBytes;
  }
  v128.store(z, z0);
  v128.store(z, z1, 16);
  v128.store(z, z2, 32);
  v128.store(z, z3, 48);
}

@inline
function dense8(b: usize, w: usize, rowBytes: usize, x: usize, end: usize, z: usize): void {
  let z0 = v128.load(b);
  let z1 = v128.load(b, 16);
  for (; x < end; x += 4) {
    const xj = v128.load32_splat(x);
    z0 = madd(xj, v128.load(w), z0);
    z1 = madd(xj, v128.load(w, 16), z1);
    w += rowBytes;
  }
  v128.store(z, z0);
  v128.store(z, z1, 16);
}

@inline
function dense4(b: usize, w: usize, rowBytes: usize, x: usize, end: usize, z: usize): void {
  let z0 = v128.load(b);
  for (; x < end; x += 4) {
    z0 = madd(v128.load32_splat(x), v128.load(w), z0);
    w += rowBytes;
  }
  v128.store(z, z0);
}

/** x f32[inputs] → z f32[padded outputs] of a layer. */
export function dense(layer: Layer, x: usize, z: usize): void {
  const end = x + ((<usize>layer.inputs) << 2);
  if (layer.stride == 1) {
    v128.store(z, f32x4.splat(dot(layer.bias, layer.weights, x, end)));
    return;
  }
  const rowBytes = (<usize>layer.stride) << 2;
  let i: usize = 0;
  for (; i + 64 <= rowBytes; i += 64) dense16(layer.bias + i, layer.weights + i, rowBytes, x, end, z + i);
  if (i + 32 <= rowBytes) {
    dense8(layer.bias + i, layer.weights + i, rowBytes, x, end, z + i);
    i += 32;
  }
  if (i < rowBytes) dense4(layer.bias + i, layer.weights + i, rowBytes, x, end, z + i);
}

/**
 * A last layer of one unit: product j goes to accumulator j mod 4, and y = b + ((a₀ + a₁) + (a₂ + a₃)).
 * x and w are zero in the padding that the last vector reads.
 */
@inline
function dot(b: usize, w: usize, x: usize, end: usize): f32 {
  let sum = f32x4.splat(0);
  for (; x < end; x += 16) {
    sum = madd(v128.load(x), v128.load(w), sum);
    w += 16;
  }
  return load<f32>(b) + sumLanes(sum);
}
