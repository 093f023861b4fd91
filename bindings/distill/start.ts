/** The layers that a run starts from. */
import type { Random } from '../arithmetic/random.ts'
import { type Activation, activations } from '../model/activations.ts'
import { randomUnit } from '../model/growth.ts'
import type { Layer } from '../model/network.ts'
import type { Preset } from './presets.ts'
import type { Shape } from './shape.ts'

/**
 * Random layers, drawn layer by layer, unit by unit, the weights of a unit before its bias. `unit` is uniform in
 * [0, 1) as the authors' program has it, `centred` as `randomUnit` draws.
 */
export function initialLayers(
  { hidden, outputs, activations: below }: Shape,
  outputActivation: Activation,
  inputs: number,
  initial: Preset['initial'],
  random: Random,
): Layer[] {
  const widths = [inputs, ...hidden, outputs.length]
  return widths.slice(1).map((units, k) => {
    const activation = below[k] ?? outputActivation
    const { alpha = 0 }: { alpha?: number } = activations[activation]
    const weights = new Float32Array(units * widths[k]!)
    const bias = new Float32Array(units)
    for (let i = 0; i < units; i++) {
      const unit = { incoming: weights.subarray(i * widths[k]!, (i + 1) * widths[k]!), bias: 0 }
      if (initial === 'unit') {
        for (let j = 0; j < unit.incoming.length; j++) unit.incoming[j] = random.uniform()
        unit.bias = random.uniform()
      } else randomUnit(unit, random)
      bias[i] = unit.bias
    }
    return { activation, alpha, weights, bias }
  })
}
