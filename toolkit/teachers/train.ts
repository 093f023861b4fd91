/**
 * Trains a chain of layers on events, the way Keras does: Adam (Kingma and Ba, arXiv:1412.6980) with Keras's defaults, the
 * mean loss of a mini-batch, a new order of the events in each epoch.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { Random } from 'nndrone'
import type { TrainableLayer } from '../models/keras/layer.ts'
import { type Shape, size, type Values } from '../models/keras/shape.ts'
import { ENTROPY, type Loss } from './losses.ts'

export interface Training {
  /** [n × inputs], standardised. */
  events: Float64Array
  /** [n × outputs]: what the answers should be. */
  targets: ArrayLike<number>
  /** Binary cross-entropy unless given. */
  loss?: Loss
  epochs: number
  /** Events of a mini-batch; the last one of an epoch may be shorter. */
  batch: number
  learningRate: number
  seed: number
  /** @param loss mean over the epoch's events, each taken before its step */
  onEpoch?(epoch: number, loss: number): void
  signal?: AbortSignal
}

type Examples = Pick<Training, 'events' | 'targets' | 'loss'>

/** Keras's defaults. */
const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-7

/** Mini-batches between two turns of the event loop. */
const STEPS = 16

/** Trains the layers in place; their weights are f32 numbers in the end, as Keras stores them. */
export async function train(input: Shape, layers: readonly TrainableLayer[], training: Training): Promise<void> {
  const { events, epochs, batch, seed, onEpoch, signal } = training
  const random = new Random(seed)
  const order = Uint32Array.from({ length: events.length / size(input) }, (_, n) => n)
  const gradient = new Gradient(input, layers)
  const adam = new Adam(layers, training.learningRate)
  for (let epoch = 1; epoch <= epochs; epoch++) {
    random.shuffle(order)
    let loss = 0
    for (let from = 0; from < order.length; from += batch) {
      const chosen = order.subarray(from, from + batch)
      loss += gradient.of(training, chosen)
      adam.step(gradient.sums, chosen.length)
      if ((from / batch) % STEPS === 0) await turn()
      signal?.throwIfAborted()
    }
    onEpoch?.(epoch, loss / order.length)
  }
  for (const values of layers.flatMap((layer) => layer.parameters)) values.set(Float32Array.from(values))
}

/** The gradient of the loss, by back-propagation. */
export class Gradient {
  /** Summed over the events, for each layer shaped as its parameters. */
  readonly sums: readonly (readonly Values[])[]
  readonly #layers: readonly TrainableLayer[]
  /** The event, then what each layer makes of it; and the gradient of each. */
  readonly #values: readonly Values[]
  readonly #slopes: readonly Values[]

  constructor(input: Shape, layers: readonly TrainableLayer[]) {
    const shapes = [input, ...layers.map((layer) => layer.shape)]
    this.sums = layers.map((layer) => layer.parameters.map((values) => new Float64Array(values.length)))
    this.#layers = layers
    this.#values = shapes.map((shape) => new Float64Array(size(shape)))
    this.#slopes = shapes.map((shape) => new Float64Array(size(shape)))
  }

  /** Sets `sums` for the chosen events. Returns the sum of their losses. */
  of({ events, targets, loss = ENTROPY }: Examples, chosen: Iterable<number>): number {
    const [width, outputs] = [this.#values[0]!.length, this.#values.at(-1)!.length]
    for (const values of this.sums.flat()) values.fill(0)
    let sum = 0
    for (const n of chosen) {
      const event = events.subarray(n * width, (n + 1) * width)
      sum += this.#add(event, (answers, slopes) => loss(answers, targets, n * outputs, slopes))
    }
    return sum
  }

  #add(event: Float64Array, lossOf: (answers: Values, slopes: Values) => number): number {
    const values = this.#values
    const slopes = this.#slopes
    values[0]!.set(event)
    for (const [i, layer] of this.#layers.entries()) layer.forward([values[i]!], values[i + 1]!)
    const loss = lossOf(values.at(-1)!, slopes.at(-1)!)
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      this.#layers[i]!.backward(values[i]!, values[i + 1]!, slopes[i + 1]!, slopes[i]!, this.sums[i]!)
    }
    return loss
  }
}

class Adam {
  readonly #parameters: readonly Values[]
  readonly #first: readonly Values[]
  readonly #second: readonly Values[]
  readonly #learningRate: number
  #steps = 0

  constructor(layers: readonly TrainableLayer[], learningRate: number) {
    this.#parameters = layers.flatMap((layer) => layer.parameters)
    this.#first = this.#parameters.map((values) => new Float64Array(values.length))
    this.#second = this.#parameters.map((values) => new Float64Array(values.length))
    this.#learningRate = learningRate
  }

  /** One step by the mean gradient of a mini-batch. */
  step(sums: readonly (readonly Values[])[], batch: number): void {
    this.#steps++
    const rate = (this.#learningRate * Math.sqrt(1 - BETA2 ** this.#steps)) / (1 - BETA1 ** this.#steps)
    for (const [k, sum] of sums.flat().entries()) {
      const [values, first, second] = [this.#parameters[k]!, this.#first[k]!, this.#second[k]!]
      for (let i = 0; i < values.length; i++) {
        const slope = sum[i]! / batch
        first[i] = BETA1 * first[i]! + (1 - BETA1) * slope
        second[i] = BETA2 * second[i]! + (1 - BETA2) * slope * slope
        values[i]! -= (rate * first[i]!) / (Math.sqrt(second[i]!) + EPSILON)
      }
    }
  }
}
