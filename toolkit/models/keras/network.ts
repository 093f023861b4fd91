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

/** How layers hang together: −1 − k in the place of a layer's number is input k. */
export interface Wiring {
  /** For each layer, the numbers of those whose outputs come in. */
  sources: readonly (readonly number[])[]
  /** The layers that have the answers. */
  outputs: readonly number[]
}

export class KerasNetwork {
  /** Shapes of what an event consists of, one after the other. */
  readonly inputShapes: readonly Shape[]
  /** Numbers of each output. */
  readonly outputSizes: readonly number[]
  readonly layers: readonly Layer[]
  readonly #steps: readonly Step[]
  readonly #event: Values
  readonly #heads: readonly Values[]
  readonly #answer: Values

  constructor(inputShapes: readonly Shape[], layers: readonly Layer[], { sources, outputs }: Wiring) {
    this.inputShapes = inputShapes
    this.layers = layers
    const starts = inputShapes.map((_, k) => inputShapes.slice(0, k).reduce((sum, shape) => sum + size(shape), 0))
    this.#event = new Float64Array(inputShapes.reduce((sum, shape) => sum + size(shape), 0))
    const inputs = inputShapes.map((shape, k) => this.#event.subarray(starts[k], starts[k]! + size(shape)))
    const computed = layers.map((layer) => new Float64Array(size(layer.shape)))
    const values = (source: number) => (source < 0 ? inputs[-1 - source]! : computed[source]!)
    this.#steps = layers.map((layer, i) => ({ layer, inputs: sources[i]!.map(values), output: computed[i]! }))
    this.#heads = outputs.map(values)
    this.outputSizes = this.#heads.map((head) => head.length)
    const count = this.outputSizes.reduce((sum, length) => sum + length, 0)
    this.#answer = this.#heads.length === 1 ? this.#heads[0]! : new Float64Array(count)
  }

  /** A chain of layers. */
  static sequential(input: Shape, layers: readonly Layer[]): KerasNetwork {
    return new KerasNetwork([input], layers, { sources: layers.map((_, i) => [i - 1]), outputs: [layers.length - 1] })
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
    if (this.#heads.length > 1) this.#join()
    return this.#answer
  }

  /** Outputs stand one after the other. */
  #join(): void {
    let at = 0
    for (const head of this.#heads) {
      this.#answer.set(head, at)
      at += head.length
    }
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
