/**
 * A Keras model at work, written the plain way: flat arrays and loops, an event after the other. It is what a program
 * without a drone would run, and what drones are measured against.
 */
import type { Layer } from './layer.ts'
import { type Shape, size, type Values } from './shape.ts'

/** A layer in its place. */
interface Step {
  layer: Layer
  inputs: readonly Values[]
  output: Values
}

export class KerasNetwork {
  readonly input: Shape
  readonly layers: readonly Layer[]
  readonly #steps: readonly Step[]
  readonly #event: Values
  readonly #answer: Values

  /** @param sources for each layer, the numbers of those whose outputs come in; −1 is the event */
  constructor(input: Shape, layers: readonly Layer[], sources: readonly (readonly number[])[], output: number) {
    this.input = input
    this.layers = layers
    this.#event = new Float64Array(size(input))
    const outputs = layers.map((layer) => new Float64Array(size(layer.shape)))
    const values = (source: number) => outputs[source] ?? this.#event
    this.#steps = layers.map((layer, i) => ({ layer, inputs: sources[i]!.map(values), output: outputs[i]! }))
    this.#answer = outputs[output]!
  }

  /** A chain of layers. */
  static sequential(input: Shape, layers: readonly Layer[]): KerasNetwork {
    return new KerasNetwork(
      input,
      layers,
      layers.map((_, i) => [i - 1]),
      layers.length - 1,
    )
  }

  get inputs(): number {
    return this.#event.length
  }

  get outputs(): number {
    return this.#answer.length
  }

  get parameters(): number {
    return this.layers.flatMap((layer) => layer.parameters).reduce((sum, values) => sum + values.length, 0)
  }

  /**
   * The answers to one event: a view, until the next one is asked. All NaN where a value is missing.
   * @throws RangeError on an event of another length
   */
  predict(event: ArrayLike<number>): Values {
    if (event.length !== this.inputs) throw new RangeError(`event of ${event.length} numbers, expected ${this.inputs}`)
    this.#event.set(event)
    if (!this.#event.every(Number.isFinite)) return this.#answer.fill(Number.NaN)
    for (const { layer, inputs, output } of this.#steps) layer.forward(inputs, output)
    return this.#answer
  }

  /** Answers [n × outputs] to events [n × inputs]. */
  predictBatch(events: Float32Array | Float64Array): Float32Array {
    const [width, outputs] = [this.inputs, this.outputs]
    const answers = new Float32Array((events.length / width) * outputs)
    for (let n = 0; n < events.length / width; n++) {
      answers.set(this.predict(events.subarray(n * width, (n + 1) * width)), n * outputs)
    }
    return answers
  }
}
