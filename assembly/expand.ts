/** A hidden layer gets one unit more, whose weights are all zero. */
import { Layer, Network, TRAINING_ARRAYS, beginTraining, createNetwork, layerAt, releaseNetwork, setOutputs } from './layout';

/**
 * In place while the padding has room; past it the block is packed anew and the old one released, so use what is
 * returned. What training keeps of each parameter moves along; the new unit's is zero.
 */
export function expand(net: Network, k: i32): Network {
  const layer = layerAt(net, k);
  if (layer.outputs & 3) {
    setOutputs(layer, layer.outputs + 1);
    layerAt(net, k + 1).inputs++;
    return net;
  }
  const larger = createLarger(net, k);
  const head = net.x - net.event;
  memory.copy(larger.event, net.event, head);
  copyParameters(net, larger, 0, 0);
  if (net.training) {
    beginTraining(larger);
    for (let a: usize = 0; a < TRAINING_ARRAYS; a++) {
      const from = net.training - net.parameters + a * net.parameterBytes;
      const to = larger.training - larger.parameters + a * larger.parameterBytes;
      copyParameters(net, larger, from, to);
    }
  }
  releaseNetwork(net);
  return larger;
}

/** The shape of `net` with one unit more in layer k; all zero. */
function createLarger(net: Network, k: i32): Network {
  const shape = heap.alloc((2 + 3 * <usize>net.depth) << 2);
  store<i32>(shape, net.inputs);
  store<i32>(shape, net.depth, 4);
  for (let i = 0, at = shape + 8; i < net.depth; i++, at += 12) {
    const layer = layerAt(net, i);
    store<i32>(at, layer.outputs + i32(i == k));
    store<i32>(at, layer.activation, 4);
    store<f32>(at, layer.alpha, 8);
  }
  const larger = createNetwork(shape);
  heap.free(shape);
  return larger;
}

/** Every bias and row of weights, of the parameters or of an array laid out like them that lies `by…` bytes on. */
function copyParameters(from: Network, to: Network, byFrom: usize, byTo: usize): void {
  for (let k = 0; k < from.depth; k++) copyLayer(layerAt(from, k), layerAt(to, k), byFrom, byTo);
}

function copyLayer(from: Layer, to: Layer, byFrom: usize, byTo: usize): void {
  memory.copy(to.bias + byTo, from.bias + byFrom, (<usize>from.outputs) << 2);
  const row = (<usize>(from.stride == 1 ? 1 : from.outputs)) << 2;
  for (let j: usize = 0; j < <usize>from.inputs; j++) {
    const source = from.weights + byFrom + ((j * <usize>from.stride) << 2);
    const target = to.weights + byTo + ((j * <usize>to.stride) << 2);
    memory.copy(target, source, row);
  }
}
