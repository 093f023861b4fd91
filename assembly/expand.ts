/** A hidden layer gets one unit more, whose weights are all zero. */
import { giveBack, take } from './heap';
import { Layer, Network, createNetwork, layerAt, releaseNetwork, setInputs, setOutputs } from './layout';

/**
 * In place while the padding has room; past it the block is packed anew and the old one released, so use what is
 * returned. No gradient moves along: each mini-batch makes its own.
 */
export function expand(net: Network, k: i32): Network {
  const layer = layerAt(net, k);
  if (layer.outputs & 3) {
    setOutputs(layer, layer.outputs + 1);
    const next = layerAt(net, k + 1);
    setInputs(next, next.inputs + 1);
    return net;
  }
  const larger = createLarger(net, k);
  const head = net.x - net.event;
  memory.copy(larger.event, net.event, head);
  for (let i = 0; i < net.depth; i++) copyLayer(layerAt(net, i), layerAt(larger, i));
  releaseNetwork(net);
  return larger;
}

/** The shape of `net` with one unit more in layer k; all zero. */
function createLarger(net: Network, k: i32): Network {
  const shape = take((2 + 3 * <usize>net.depth) << 2);
  store<i32>(shape, net.inputs);
  store<i32>(shape, net.depth, 4);
  for (let i = 0, at = shape + 8; i < net.depth; i++, at += 12) {
    const layer = layerAt(net, i);
    store<i32>(at, layer.outputs + i32(i == k));
    store<i32>(at, layer.activation, 4);
    store<f32>(at, layer.alpha, 8);
  }
  const larger = createNetwork(shape);
  giveBack(shape);
  return larger;
}

/** Bias and rows of weights, each as long as it was. */
function copyLayer(from: Layer, to: Layer): void {
  memory.copy(to.bias, from.bias, (<usize>from.outputs) << 2);
  const row = (<usize>(from.stride == 1 ? 1 : from.outputs)) << 2;
  for (let j: usize = 0; j < <usize>from.inputs; j++) {
    const source = from.weights + ((j * <usize>from.stride) << 2);
    const target = to.weights + ((j * <usize>to.stride) << 2);
    memory.copy(target, source, row);
  }
}
