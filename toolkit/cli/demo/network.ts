/** A teacher of dense layers as a network of lwtnn's kind, which knows how events are standardised, and defaults. */
import type { Network } from 'nndrone'
import { transposed } from '../../models/read/keras/chain.ts'
import type { Scale } from '../../scaling/scale.ts'
import type { DenseTeacher } from '../../teachers/dense.ts'

/** A missing value becomes the mean. */
export function networkOf(
  { layers, activations }: DenseTeacher,
  features: readonly string[],
  scales: readonly Scale[],
  outputs: readonly string[],
): Network {
  return {
    inputs: features.map((name, i) => ({ name, ...scales[i]!, default: -scales[i]!.offset })),
    layers: layers.map(({ parameters: [kernel, bias] }, k) => ({
      ...{ activation: activations[k]!, alpha: 0 },
      weights: Float32Array.from(transposed(kernel!, bias!.length)),
      bias: Float32Array.from(bias!),
    })),
    outputs: [...outputs],
  }
}
