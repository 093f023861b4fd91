/** One event through the net. */
import { Network, layerAt } from './layout';
import { HIDDEN_SIGMOID, activate } from './activation';
import { dense } from './dense';
import { finish, throughSigmoids, throughTanhs } from './shallow';
import { maskVector } from './lanes';

/** x f32[padded inputs] → y of every layer, whose padding is zero, and z where the slope needs it. */
@inline
export function forward(net: Network, x: usize): void {
  respond(net, x, f32x4.splat(0));
}

/** The same; returns the first number of the answer. `zero` is 0, or NaN where the event is to have no score. */
export function respond(net: Network, x: usize, zero: v128): f32 {
  if (net.shallow) return finish(net, through(net, x, zero));
  if (v128.any_true(zero)) return NaN;
  deep(net, x);
  return load<f32>(answer(net));
}

/** The one hidden layer of a net that `shallow.ts` knows. */
@inline
function through(net: Network, x: usize, zero: v128): v128 {
  if (net.shallow == HIDDEN_SIGMOID) return throughSigmoids(net, x, zero);
  return throughTanhs(net, x, zero);
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
