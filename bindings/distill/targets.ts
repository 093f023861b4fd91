/**
 * Linear outputs learn targets of mean 0 and deviation 1, whatever the answers are: the learning rates of the presets
 * are made for such. What was learnt is then written into the last layer, so that the drone gives the answers as they are.
 */
import type { Layer } from '../model/network.ts'
import { inPieces } from './pauses.ts'
import { statistics } from './standardise.ts'

/** Of each output: answer = mean + deviation · target. */
export interface TargetScale {
  mean: number
  deviation: number
}

/**
 * @param answers [count × outputs]
 * @param rows not 0 where an event is trained with
 */
export async function targetScale(answers: Float32Array, outputs: number, rows: Uint8Array): Promise<TargetScale[]> {
  const known = await statistics(answers, outputs, rows)
  return known.map(({ mean, deviation }) => ({ mean, deviation: deviation > 0 ? deviation : 1 }))
}

/** The targets [count × outputs] that belong to the answers. */
export async function scaledTargets(answers: Float32Array, scale: readonly TargetScale[]): Promise<Float32Array> {
  const targets = new Float32Array(answers.length)
  await inPieces(answers.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const { mean, deviation } = scale[i % scale.length]!
      targets[i] = (answers[i]! - mean) / deviation
    }
  })
  return targets
}

/** Layers that give answers, of layers that give targets. */
export function answering(layers: readonly Layer[], scale: readonly TargetScale[]): Layer[] {
  return withLast(layers, (value, i, bias) => value * scale[i]!.deviation + (bias ? scale[i]!.mean : 0))
}

/** Layers that give targets, of layers that give answers. */
export function targeting(layers: readonly Layer[], scale: readonly TargetScale[]): Layer[] {
  return withLast(layers, (value, i, bias) => (value - (bias ? scale[i]!.mean : 0)) / scale[i]!.deviation)
}

/** Changes the weights and biases of each unit `i` of the last layer. */
function withLast(layers: readonly Layer[], change: (value: number, i: number, bias: boolean) => number): Layer[] {
  const last = layers.at(-1)!
  const inputs = last.weights.length / last.bias.length
  return [
    ...layers.slice(0, -1),
    {
      ...last,
      weights: last.weights.map((weight, at) => change(weight, Math.floor(at / inputs), false)),
      bias: last.bias.map((bias, i) => change(bias, i, true)),
    },
  ]
}
