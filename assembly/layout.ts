/**
 * How a network lies in memory. No other file knows.
 *
 * One block from the heap holds everything that scoring an event touches, in the order of its use:
 *
 *   Network | Layer × depth | event, offset, scale, fallback (f64) | x (f32)
 *           | bias₀ weights₀ bias₁ weights₁ … (f32, one run) | z₀ y₀ z₁ y₁ … (f32)
 *
 * Every array starts at a multiple of 16 bytes. Weights are input-major: those that leave input j lie together,
 * `stride` apart from those of input j + 1, so that y += xⱼ · W[j] needs no sum across lanes:
 *
 *   W[0]  w₀₀ w₁₀ w₂₀ ·       wᵢⱼ leads from input j to output i; · is padding and zero for ever
 *   W[1]  w₀₁ w₁₁ w₂₁ ·
 *
 * Outputs are padded to a multiple of four, and so are the rows of inputs, so that a unit can be added in place.
 * A last layer of one unit has stride 1: its weights are one vector, and its sum is a dot product.
 *
 * While a network trains, a second block holds the gradient, laid out as the parameters are, and the δ of each layer.
 */

import { HIDDEN_SIGMOID, SIGMOID, TANH } from './activation';
import { giveBack, take } from './heap';

@unmanaged
export class Network {
  inputs: i32;
  outputs: i32;
  depth: i32;
  /** Units of the widest layer or inputs, padded: what a row of scratch memory has to hold. */
  width: i32;
  layers: usize;
  event: usize;
  offset: usize;
  scale: usize;
  fallback: usize;
  x: usize;
  /** The run of all biases and weights, and its length in bytes. */
  parameters: usize;
  parameterBytes: usize;
  /** The block of training; 0 while the network does not train. */
  training: usize;
  /** The activation of the hidden layer where `shallow.ts` knows the way: one such layer, one output; else 0. */
  shallow: i32;
  // What follows starts at a multiple of 16 bytes.
  spare1: usize;
  spare2: usize;
}

@unmanaged
export class Layer {
  /** All ones in the lanes of the last vector of outputs that are units, zero in the padding. */
  mask: v128;
  /** The same of the inputs. */
  inputMask: v128;
  inputs: i32;
  outputs: i32;
  stride: i32;
  activation: i32;
  bias: usize;
  weights: usize;
  /** Weighted sums and what the activation makes of them, f32[padded outputs]. */
  z: usize;
  y: usize;
  /** ∂loss/∂z, f32[padded outputs]; in the block of training. */
  delta: usize;
  alpha: f32;
  // And so does the next layer.
  spare0: usize;
  spare1: usize;
}

/** The most values that a kernel takes as arguments. There is room for so many, of which the spare ones are zero. */
const ARGUMENTS: i32 = 8;

const NETWORK: usize = offsetof<Network>();
const LAYER: usize = offsetof<Layer>();

@inline
export function padded(count: i32): i32 {
  return (count + 3) & ~3;
}

@inline
function aligned(bytes: usize): usize {
  return (bytes + 15) & ~15;
}

@inline
export function layerAt(net: Network, k: i32): Layer {
  return changetype<Layer>(net.layers + <usize>k * LAYER);
}

/** Floats from one input's weights to the next one's. */
@inline
function strideOf(k: i32, depth: i32, outputs: i32): i32 {
  return k == depth - 1 && outputs == 1 ? 1 : padded(outputs);
}

/**
 * A shape is i32[2 + 3 × depth]: inputs, depth, then units, activation and the bits of alpha (f32) of each layer.
 */
@inline
function shapeUnits(shape: usize, k: i32): i32 {
  return load<i32>(shape + (2 + 3 * <usize>k) * 4);
}

/** A network of a shape, all parameters zero, on the heap. */
export function createNetwork(shape: usize): Network {
  const inputs = load<i32>(shape);
  const depth = load<i32>(shape, 4);
  const doubles = aligned((<usize>max(inputs, ARGUMENTS)) << 3);
  let parameterBytes: usize = 0;
  let activationBytes: usize = 0;
  let width = padded(inputs);
  for (let k = 0, from = inputs; k < depth; k++) {
    const units = shapeUnits(shape, k);
    const pad = padded(units);
    parameterBytes += (<usize>pad + <usize>padded(from) * <usize>strideOf(k, depth, units)) << 2;
    activationBytes += (<usize>pad) << 3;
    width = max(width, pad);
    from = units;
  }
  const head = NETWORK + <usize>depth * LAYER;
  const xBytes = (<usize>padded(max(inputs, ARGUMENTS))) << 2;
  const size = head + 4 * doubles + xBytes + parameterBytes + activationBytes;
  const block = take(size);
  memory.fill(block, 0, size);

  const net = changetype<Network>(block);
  net.inputs = inputs;
  net.outputs = shapeUnits(shape, depth - 1);
  net.depth = depth;
  net.width = width;
  net.layers = block + NETWORK;
  net.event = block + head;
  net.offset = net.event + doubles;
  net.scale = net.offset + doubles;
  net.fallback = net.scale + doubles;
  net.x = net.fallback + doubles;
  net.parameters = net.x + xBytes;
  net.parameterBytes = parameterBytes;
  placeLayers(net, shape);
  const activation = layerAt(net, 0).activation;
  const known = depth == 2 && layerAt(net, 1).stride == 1 && (activation == HIDDEN_SIGMOID || activation == TANH);
  net.shallow = known ? activation : 0;
  return net;
}

/** The sigmoid of hidden layers is a shorter one. */
@inline
export function inside(activation: i32, hidden: bool): i32 {
  return hidden && activation == SIGMOID ? HIDDEN_SIGMOID : activation;
}

function placeLayers(net: Network, shape: usize): void {
  let parameter = net.parameters;
  let activation = parameter + net.parameterBytes;
  let from = net.inputs;
  for (let k = 0; k < net.depth; k++) {
    const layer = layerAt(net, k);
    setInputs(layer, from);
    layer.activation = inside(load<i32>(shape + (3 + 3 * <usize>k) * 4), k < net.depth - 1);
    layer.alpha = load<f32>(shape + (4 + 3 * <usize>k) * 4);
    layer.stride = strideOf(k, net.depth, shapeUnits(shape, k));
    setOutputs(layer, shapeUnits(shape, k));
    const pad = (<usize>padded(layer.outputs)) << 2;
    layer.bias = parameter;
    layer.weights = parameter + pad;
    parameter = layer.weights + (<usize>padded(from) * <usize>layer.stride) * 4;
    layer.z = activation;
    layer.y = activation + pad;
    activation = layer.y + pad;
    from = layer.outputs;
  }
}

/** The units of a layer, and with them the mask of their last vector. */
export function setOutputs(layer: Layer, outputs: i32): void {
  layer.outputs = outputs;
  layer.mask = lastVector(outputs);
}

export function setInputs(layer: Layer, inputs: i32): void {
  layer.inputs = inputs;
  layer.inputMask = lastVector(inputs);
}

/** All ones in the lanes of the last of the vectors that hold `count` numbers. */
@inline
function lastVector(count: i32): v128 {
  const used = i32x4.splat(count - ((count - 1) & ~3));
  return i32x4.gt_s(used, i32x4(0, 1, 2, 3));
}

export function releaseNetwork(net: Network): void {
  if (net.training) giveBack(net.training);
  giveBack(changetype<usize>(net));
}

/** Makes room for gradient and δ, all zero. */
export function beginTraining(net: Network): void {
  if (net.training) return;
  let deltas: usize = 0;
  for (let k = 0; k < net.depth; k++) deltas += (<usize>padded(layerAt(net, k).outputs)) << 2;
  const size = net.parameterBytes + deltas;
  net.training = take(size);
  memory.fill(net.training, 0, size);
  let delta = net.training + net.parameterBytes;
  for (let k = 0; k < net.depth; k++) {
    const layer = layerAt(net, k);
    layer.delta = delta;
    delta += (<usize>padded(layer.outputs)) << 2;
  }
}
