/** The layers that a run starts from. */
import { randomUnit } from '../model/growth.ts'
import type { Layer } from '../model/network.ts'
import type { Plan } from './plan.ts'
import type { Random } from '../arithmetic/random.ts'

/**
 * Random layers, drawn layer by layer, unit by unit, the weights of a unit before its bias. `unit` is uniform in
 * [0, 1) as the authors' program has it, `centred` as `randomUnit` draws.
 */
export function initialLayers(
  { names, hidden, outputs, activation, outputActivation, recipe }: Plan,
  random: Random,
): Layer[] {
  const widths = [names.length, ...hidden, outputs.length]
  return widths.slice(1).map((units, k) => {
    const last = k === hidden.length
    const layer = {
      activation: last ? outputActivation : activation,
      // α of leakyrelu is a slope: 1 would make it linear.
      alpha: (last ? outputActivation : activation) === 'leakyrelu' ? Math.fround(0.01) : 1,
      weights: new Float32Array(units * widths[k]!),
      bias: new Float32Array(units),
    }
    for (let i = 0; i < units; i++) {
      const unit = { incoming: layer.weights.subarray(i * widths[k]!, (i + 1) * widths[k]!), bias: 0 }
      if (recipe.initial === 'unit') {
        for (let j = 0; j < unit.incoming.length; j++) unit.incoming[j] = random.uniform()
        unit.bias = random.uniform()
      } else randomUnit(unit, random)
      layer.bias[i] = unit.bias
    }
    return layer
  })
}
