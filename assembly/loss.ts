/** The error of an answer G against its target F: what is reported, and δ = ∂loss/∂z of the last layer. */
import { Layer } from './layout';
import { LINEAR, SIGMOID, SOFTMAX, slope } from './activation';
import { maskVector } from './lanes';

/** Writes the δ of the last layer and returns `loss` + Σ(G − F)², summed in f64 in the order of outputs. */
export function outputError(last: Layer, target: usize, entropy: bool, loss: f64): f64 {
  const end = (<usize>last.outputs) << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const error = <f64>(load<f32>(last.y + i) - load<f32>(target + i));
    loss += error * error;
  }
  for (let i: usize = 0; i < end; i += 16) {
    v128.store(last.delta + i, f32x4.sub(v128.load(last.y + i), v128.load(target + i)));
  }
  if (!(entropy && canonical(last.activation))) {
    if (last.activation == SOFTMAX) throughSoftmax(last);
    else throughSlope(last, end);
  }
  maskVector(last.delta + ((end - 1) & ~15), last.mask);
  return loss;
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
