/**
 * How the loss of many events bends: H = Σ JᵀJ (Gauss and Newton), J being what an output changes by with every
 * parameter. Each row of J is a step back through the net, as a gradient is, in f32; eight of them are multiplied in
 * f32 and summed in their order, and such sums are added up in f64. A row is multiplied by the root of its event's weight.
 */
import { Layer, Network, beginTraining, layerAt, padded } from './layout';
import { SIGMOID, SOFTMAX, slope } from './activation';
import { forward } from './forward';
import { propagate } from './backward';
import { weigh } from './loss';
import { madd } from './lanes';

/** Rows of J that are multiplied at once. */
const ROWS: usize = 8;

/**
 * Adds the events first … first + count − 1 of `order` to the lower triangle of `sums`. An output on which the
 * parameters have no more influence than `least` (its factor in J) is left out. `sums` is f64[parameters × stride] with
 * a stride of `parameters` padded to four, and behind it lies scratch memory, f32[8 × stride + 4].
 */
export function addCurvature(
  net: Network,
  rows: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  entropy: bool,
  least: f32,
  parameters: i32,
  sums: usize,
): void {
  beginTraining(net);
  const stride = <usize>padded(parameters);
  const rowBytes = stride << 2;
  const jacobian = sums + <usize>parameters * stride * 8;
  const full = jacobian + ROWS * rowBytes;
  const eventBytes = (<usize>padded(net.inputs)) << 2;
  const last = layerAt(net, net.depth - 1);
  let row = jacobian;
  for (let n = first; n < first + count; n++) {
    const event = <usize>load<u32>(order + ((<usize>n) << 2));
    const x = rows + event * eventBytes;
    forward(net, x);
    for (let i = 0; i < net.outputs; i++) {
      if (!(seed(last, i, entropy) > least)) continue;
      weigh(last.delta, (<usize>last.outputs) << 2, sqrt<f32>(load<f32>(weights + (event << 2))));
      for (let k = net.depth - 1; k > 0; k--) propagate(layerAt(net, k), layerAt(net, k - 1));
      writeRow(net, x, row);
      row += rowBytes;
      if (row < full) continue;
      addRows(jacobian, rowBytes, parameters, sums);
      row = jacobian;
    }
  }
  if (row == jacobian) return;
  memory.fill(row, 0, full - row);
  addRows(jacobian, rowBytes, parameters, sums);
}

/** Writes the δ that output i starts from and returns its factor, or what is left of that beside the other classes. */
function seed(last: Layer, i: i32, entropy: bool): f32 {
  const at = (<usize>i) << 2;
  const y = load<f32>(last.y + at);
  const end = (<usize>last.outputs) << 2;
  if (last.activation == SOFTMAX) {
    const factor = entropy ? sqrt<f32>(y) : y;
    for (let k: usize = 0; k < end; k += 4) store<f32>(last.delta + k, -factor * load<f32>(last.y + k));
    const own = factor * (1 - y);
    store<f32>(last.delta + at, own);
    return own;
  }
  const vector = at & ~15;
  v128.store(last.delta + vector, slope(last.activation, last.alpha, v128.load(last.z + vector), v128.load(last.y + vector)));
  let factor = load<f32>(last.delta + at);
  if (entropy && last.activation == SIGMOID) factor = sqrt<f32>(factor);
  memory.fill(last.delta, 0, (end + 15) & ~15);
  store<f32>(last.delta + at, factor);
  return factor < 0 ? -factor : factor;
}

/** The row of J that belongs to the δ of all layers: parameters side by side, without padding. */
function writeRow(net: Network, x: usize, to: usize): void {
  for (let k = 0; k < net.depth; k++) {
    const layer = layerAt(net, k);
    const bytes = (<usize>layer.outputs) << 2;
    const end = x + ((<usize>layer.inputs) << 2);
    memory.copy(to, layer.delta, bytes);
    to += bytes;
    if (layer.stride == 1) {
      const delta = v128.load32_splat(layer.delta);
      for (let at = x; at < end; at += 16, to += 16) v128.store(to, f32x4.mul(v128.load(at), delta));
      to -= (16 - (<usize>layer.inputs << 2)) & 15;
    } else {
      for (; x < end; x += 4, to += bytes) {
        const xj = v128.load32_splat(x);
        for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.mul(xj, v128.load(layer.delta + i)));
      }
    }
    x = layer.y;
  }
}

/** sums[i][j] += Σ rows[r][i] · rows[r][j] for j ≤ i, and up to three beyond, which nobody reads. */
function addRows(rows: usize, bytes: usize, parameters: i32, sums: usize): void {
  const end = rows + ((<usize>parameters) << 2);
  for (let at = rows; at < end; at += 4, sums += bytes << 1) {
    const a = v128.load32_splat(at);
    const b = v128.load32_splat(at + bytes);
    const c = v128.load32_splat(at + 2 * bytes);
    const d = v128.load32_splat(at + 3 * bytes);
    const e = v128.load32_splat(at + 4 * bytes);
    const f = v128.load32_splat(at + 5 * bytes);
    const g = v128.load32_splat(at + 6 * bytes);
    const h = v128.load32_splat(at + 7 * bytes);
    let to = sums;
    for (let j = rows; j <= at; j += 16, to += 32) {
      let sum = f32x4.mul(a, v128.load(j));
      sum = madd(b, v128.load(j + bytes), sum);
      sum = madd(c, v128.load(j + 2 * bytes), sum);
      sum = madd(d, v128.load(j + 3 * bytes), sum);
      sum = madd(e, v128.load(j + 4 * bytes), sum);
      sum = madd(f, v128.load(j + 5 * bytes), sum);
      sum = madd(g, v128.load(j + 6 * bytes), sum);
      sum = madd(h, v128.load(j + 7 * bytes), sum);
      const high = i32x4.shuffle(sum, sum, 2, 3, 2, 3);
      v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(sum)));
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
    }
  }
}
