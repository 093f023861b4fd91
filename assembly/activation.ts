/** The activations φ and their slopes φ′, by the ids of `bindings/model/activations.ts`. */
import { expMinusOne } from './exp';
import { hiddenSigmoids, sigmoid } from './sigmoid';
import { tanh, tanhs } from './tanh';
import { softmax } from './softmax';

export const LINEAR = 0;
export const SIGMOID = 1;
export const RECTIFIED = 2;
export const TANH = 3;
export const SOFTMAX = 4;
export const HARD_SIGMOID = 5;
export const ELU = 6;
export const LEAKY_RELU = 7;
export const SWISH = 8;
export const ABS = 9;
/** What a sigmoid is in a hidden layer. Ids from 128 on are the kernels' own, and in no table. */
export const HIDDEN_SIGMOID = 128;

/** y = φ(z) for `count` numbers, in whole vectors. A softmax is over all of them, as one event's outputs. */
export function activate(activation: i32, alpha: f32, count: i32, z: usize, y: usize): void {
  const end = z + ((<usize>count) << 2);
  if (activation == HIDDEN_SIGMOID) {
    hiddenSigmoids(z, end, y);
  } else if (activation == TANH) {
    tanhs(z, end, y);
  } else if (activation == SIGMOID) {
    for (; z < end; z += 16, y += 16) v128.store(y, sigmoid(v128.load(z)));
  } else if (activation == SOFTMAX) {
    softmax(count, z, y);
  } else {
    for (; z < end; z += 16, y += 16) v128.store(y, phi(activation, alpha, v128.load(z)));
  }
}

/** φ of four numbers; NaN stays NaN. */
function phi(activation: i32, alpha: f32, x: v128): v128 {
  switch (activation) {
    case SIGMOID:
      return sigmoid(x);
    case RECTIFIED:
      return f32x4.pmax(x, f32x4.splat(0));
    case TANH:
      return tanh(x);
    case HARD_SIGMOID:
      return hardSigmoid(x);
    case ELU:
      return v128.bitselect(f32x4.mul(f32x4.splat(alpha), expMinusOne(x)), x, f32x4.lt(x, f32x4.splat(0)));
    case LEAKY_RELU:
      return v128.bitselect(f32x4.mul(f32x4.splat(alpha), x), x, f32x4.lt(x, f32x4.splat(0)));
    case SWISH:
      return f32x4.mul(x, phi(SIGMOID, 0, f32x4.mul(f32x4.splat(alpha), x)));
    case ABS:
      return f32x4.abs(x);
    default:
      return x;
  }
}

/** 0.2 x + 0.5, cut to [0, 1]. */
@inline
function hardSigmoid(x: v128): v128 {
  const line = f32x4.add(f32x4.mul(x, f32x4.splat(0.2)), f32x4.splat(0.5));
  return f32x4.pmin(f32x4.pmax(line, f32x4.splat(0)), f32x4.splat(1));
}

@inline
function one(): v128 {
  return f32x4.splat(1);
}

/** σ′ from y = σ(z). */
@inline
export function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(one(), y));
}

/** tanh′ from y = tanh(z). */
@inline
export function tanhSlope(y: v128): v128 {
  return f32x4.sub(one(), f32x4.mul(y, y));
}

/** φ′ of four numbers z, where y = φ(z); 0 at the kink of rectified and abs. Not of softmax, which mixes its units. */
export function slope(activation: i32, alpha: f32, z: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const positive = f32x4.gt(z, zero);
  switch (activation) {
    case SIGMOID:
    case HIDDEN_SIGMOID:
      return sigmoidSlope(y);
    case RECTIFIED:
      return v128.and(positive, one());
    case TANH:
      return tanhSlope(y);
    case HARD_SIGMOID:
      return v128.and(v128.and(f32x4.gt(y, zero), f32x4.lt(y, one())), f32x4.splat(0.2));
    case ELU:
      return v128.bitselect(one(), f32x4.add(y, f32x4.splat(alpha)), positive);
    case LEAKY_RELU:
      return v128.bitselect(one(), f32x4.splat(alpha), positive);
    case SWISH:
      return swishSlope(f32x4.splat(alpha), z, y);
    case ABS:
      return f32x4.sub(v128.and(positive, one()), v128.and(f32x4.lt(z, zero), one()));
    default:
      return one();
  }
}

/** (x σ(αx))′ = σ + α y (1 − σ) */
@inline
function swishSlope(alpha: v128, z: v128, y: v128): v128 {
  const s = phi(SIGMOID, 0, f32x4.mul(alpha, z));
  return f32x4.add(s, f32x4.mul(f32x4.mul(alpha, y), f32x4.sub(one(), s)));
}
