/** One event through the net. */
import { Network, layerAt } from './layout';
import { activate } from './activation';
import { dense } from './dense';
import { shallow } from './shallow';
import { maskVector } from './lanes';

/** x f32[padded inputs] → y of every layer, whose padding is zero, and z where the slope needs it. */
@inline
export function forward(net: Network, x: usize): void {
  if (net.shallow) shallow(net, x);
  else deep(net, x);
}

/** As `forward`, with z of every layer. */
export function deep(net: Network, x: usize): void {
  for (let k = 0; k < net.depth; k++) {
    const layer = layerAt(net, k);
    dense(layer, x, layer.z);
    activate(layer.activation, layer.alpha, layer.outputs, layer.z, layer.y);
    maskVector(layer.y + (((<usize>layer.outputs - 1) & ~3) << 2), layer.mask);
    x = layer.y;
  }
}

/** Where the answer of the last layer lies, f32[outputs]. */
@inline
export function answer(net: Network): usize {
  return layerAt(net, net.depth - 1).y;
}
