/** The error of an answer G against its target F: what is reported, δ = ∂loss/∂z of the last layer, and the loss itself. */
import { Layer } from './layout';
import { LINEAR, SIGMOID, SOFTMAX, slope } from './activation';
import { exp } from './exp';
import { maskVector } from './lanes';
import { log } from './log';

/**
 * Writes the δ of the last layer and returns `loss` + weight · Σ(G − F)², summed in f64 in the order of outputs. The δ is
 * multiplied by the weight in the end: a weight of 1 changes no bit.
 */
export function outputError(last: Layer, target: usize, weight: f32, entropy: bool, loss: f64): f64 {
  const end = (<usize>last.outputs) << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const error = <f64>(load<f32>(last.y + i) - load<f32>(target + i));
    loss += <f64>weight * (error * error);
  }
  for (let i: usize = 0; i < end; i += 16) {
    v128.store(last.delta + i, f32x4.sub(v128.load(last.y + i), v128.load(target + i)));
  }
  if (!(entropy && canonical(last.activation))) {
    if (last.activation == SOFTMAX) throughSoftmax(last);
    else throughSlope(last, end);
  }
  weigh(last.delta, end, weight);
  maskVector(last.delta + ((end - 1) & ~15), last.mask);
  return loss;
}

/** δ · weight */
@inline
export function weigh(delta: usize, end: usize, weight: f32): void {
  const splat = f32x4.splat(weight);
  for (let i: usize = 0; i < end; i += 16) v128.store(delta + i, f32x4.mul(v128.load(delta + i), splat));
}

/** δ of the only output, as `outputError` writes it, from its answer G and G − F. */
export function onlyDelta(last: Layer, answer: f32, error: f32, target: usize, weight: f32, entropy: bool): f32 {
  if (entropy && canonical(last.activation)) return error * weight;
  if (last.activation == SIGMOID) return error * (answer * (1 - answer)) * weight;
  outputError(last, target, weight, entropy, 0);
  return load<f32>(last.delta);
}

/** The activations whose cross-entropy has the gradient G − F: softmax, sigmoid, and linear with a Gaussian's. */
@inline
function canonical(activation: i32): bool {
  return activation == SIGMOID || activation == SOFTMAX || activation == LINEAR;
}

/** δᵢ = (Gᵢ − Fᵢ) · φ′ᵢ */
function throughSlope(last: Layer, end: usize): void {
  for (let i: usize = 0; i < end; i += 16) {
    const phi = slope(last.activation, last.alpha, v128.load(last.z + i), v128.load(last.y + i));
    v128.store(last.delta + i, f32x4.mul(v128.load(last.delta + i), phi));
  }
}

/** δᵢ = Gᵢ · ((Gᵢ − Fᵢ) − Σ (Gₖ − Fₖ) Gₖ), the sum in the order of k. */
function throughSoftmax(last: Layer): void {
  const end = (<usize>last.outputs) << 2;
  let sum: f32 = 0;
  for (let i: usize = 0; i < end; i += 4) sum += load<f32>(last.delta + i) * load<f32>(last.y + i);
  for (let i: usize = 0; i < end; i += 4) {
    store<f32>(last.delta + i, load<f32>(last.y + i) * (load<f32>(last.delta + i) - sum));
  }
}

/**
 * The loss whose gradient `outputError` begins: ½ Σ(G − F)², or the cross-entropy as log Σ eᶻ − Σ F z, where a sigmoid
 * is the first of two classes, whose other has z = 0. It needs z, and takes every power below its largest.
 */
export function lossOf(last: Layer, target: usize, entropy: bool): f64 {
  const end = (<usize>last.outputs) << 2;
  let loss: f64 = 0;
  if (!entropy || !(last.activation == SIGMOID || last.activation == SOFTMAX)) {
    for (let i: usize = 0; i < end; i += 4) {
      const error = <f64>(load<f32>(last.y + i) - load<f32>(target + i));
      loss += error * error;
    }
    return 0.5 * loss;
  }
  if (last.activation == SIGMOID) {
    for (let i: usize = 0; i < end; i += 4) {
      const z = load<f32>(last.z + i);
      loss += <f64>max<f32>(z, 0) - <f64>load<f32>(target + i) * <f64>z + log(1 + power(z < 0 ? z : -z));
    }
    return loss;
  }
  let largest = load<f32>(last.z);
  for (let i: usize = 4; i < end; i += 4) {
    const z = load<f32>(last.z + i);
    largest = z > largest ? z : largest;
  }
  let sum: f64 = 0;
  for (let i: usize = 0; i < end; i += 4) {
    sum += power(load<f32>(last.z + i) - largest);
    loss += <f64>load<f32>(target + i) * <f64>load<f32>(last.z + i);
  }
  return <f64>largest + log(sum) - loss;
}

function power(x: f32): f64 {
  return <f64>f32x4.extract_lane(exp(f32x4.splat(x)), 0);
}
