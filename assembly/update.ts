/** w −= rate · gradient, for all parameters in one run; the padding's gradient is zero. */
import { Network } from './layout';

export function update(net: Network, rate: f32): void {
  const step = f32x4.splat(rate);
  const toGradient = net.training - net.parameters;
  const end = net.parameters + net.parameterBytes;
  for (let w = net.parameters; w < end; w += 16) {
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(step, v128.load(w + toGradient))));
  }
}
