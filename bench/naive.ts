/** A drone's network in plain TypeScript: flat typed arrays and loops, the code that one writes first. */
import type { Network } from '../bindings/index.ts'

/** Of networks with sigmoid layers and one output. Returns a function of one event. */
export function naive({ inputs, layers }: Network): (event: ArrayLike<number>) => number {
  const offsets = Float64Array.from(inputs, (input) => input.offset)
  const scales = Float64Array.from(inputs, (input) => input.scale)
  const weights = layers.map((layer) => Float64Array.from(layer.weights))
  const biases = layers.map((layer) => Float64Array.from(layer.bias))
  const values = [new Float64Array(inputs.length), ...biases.map((bias) => new Float64Array(bias.length))]
  return (event) => {
    for (let i = 0; i < inputs.length; i++) values[0]![i] = (event[i]! + offsets[i]!) * scales[i]!
    for (let k = 0; k < layers.length; k++) {
      const [x, y, w, b] = [values[k]!, values[k + 1]!, weights[k]!, biases[k]!]
      for (let i = 0; i < y.length; i++) {
        let sum = b[i]!
        for (let j = 0; j < x.length; j++) sum += w[i * x.length + j]! * x[j]!
        y[i] = 1 / (1 + Math.exp(-sum))
      }
    }
    return values[layers.length]![0]!
  }
}
