/** Learning in plain JavaScript, by the definition of the arithmetic. */

import { backward, type LayerTraining, layerTraining, outputError, update } from '../arithmetic/backward.ts'
import { addCurvature } from '../arithmetic/curvature.ts'
import { forward, preprocess } from '../arithmetic/forward.ts'
import { lossOf } from '../arithmetic/loss.ts'
import type { JsNetwork } from '../arithmetic/network.ts'
import type { Network } from '../model/network.ts'
import type { Curvature, EventRange, Learner, LearningEngine, Loss, Numbers, Steps, TrainingSet } from './api.ts'
import { JsEngine, JsResident } from './js.ts'

export class JsLearning extends JsEngine implements LearningEngine {
  override place(network: Network): Learner {
    return new JsLearner(network)
  }
}

class JsLearner extends JsResident implements Learner {
  #training: LayerTraining[] | undefined

  override expand(k: number, incoming: Float32Array, bias: number): void {
    super.expand(k, incoming, bias)
    this.#training = undefined
  }

  get parameters(): number {
    return this.net.layers.reduce((sum, { bias, weights }) => sum + bias.length + weights.length, 0)
  }

  read(out: Float32Array): void {
    join(this.net.layers, out)
  }

  write(parameters: Float32Array): void {
    let from = 0
    for (const values of this.net.layers.flatMap(({ bias, weights }) => [bias, weights])) {
      values.set(parameters.subarray(from, from + values.length))
      from += values.length
    }
  }

  trainingSet(capacity: number): TrainingSet {
    return new JsTrainingSet(this.net, capacity)
  }

  train(set: TrainingSet, { first, count, batch, learningRate, loss: kind }: Steps, loss: number): number {
    const { order } = set
    const rate = Math.fround(learningRate / batch)
    for (let n = first; n < first + count; n++) {
      loss = this.#learn(set as JsTrainingSet, order[n]!, kind, n % batch === 0, loss)
      if ((n + 1) % batch === 0) update(this.net, this.#room(), rate)
    }
    return loss
  }

  gradient(set: TrainingSet, { first, count, loss: kind }: EventRange, out: Float32Array): number {
    const { order } = set
    let loss = 0
    for (let n = first; n < first + count; n++) {
      loss = this.#learn(set as JsTrainingSet, order[n]!, kind, n === first, loss)
    }
    join(this.#room(), out)
    return loss
  }

  objective(set: TrainingSet, { first, count, loss: kind }: EventRange): number {
    const { rows, targets, weights, order } = set as JsTrainingSet
    let loss = 0
    for (const n of order.subarray(first, first + count)) {
      forward(this.net, rows[n]!)
      loss += weights[n]! * lossOf(this.net.layers.at(-1)!, targets[n]!, kind)
    }
    return loss
  }

  curvature(): Curvature {
    const sums = new Float64Array(this.parameters ** 2)
    return {
      add: (set, { first, count, loss, least }) => {
        const { rows, weights, order } = set as JsTrainingSet
        const chosen = order.subarray(first, first + count)
        const events = Array.from(chosen, (n) => ({ x: rows[n]!, weight: weights[n]! }))
        addCurvature(this.net, this.#room(), events, loss, Math.fround(least), sums)
      },
      read: (out) => out.set(sums),
      release() {},
    }
  }

  /** One event through the net and back: its gradient starts the sum, or is added to it. Returns `loss` plus its own. */
  #learn({ rows, targets, weights }: JsTrainingSet, n: number, kind: Loss, starts: boolean, loss: number): number {
    const training = this.#room()
    const x = rows[n]!
    forward(this.net, x)
    const sum = outputError(this.net.layers.at(-1)!, targets[n]!, weights[n]!, kind, training.at(-1)!.delta, loss)
    backward(this.net, x, training, starts)
    return sum
  }

  #room(): LayerTraining[] {
    this.#training ??= this.net.layers.map(layerTraining)
    return this.#training
  }
}

/** What belongs to the parameters, as one vector. */
function join(layers: readonly { bias: Float32Array; weights: Float32Array }[], out: Float32Array): void {
  let at = 0
  for (const values of layers.flatMap(({ bias, weights }) => [bias, weights])) {
    out.set(values, at)
    at += values.length
  }
}

class JsTrainingSet implements TrainingSet {
  readonly #net: JsNetwork
  readonly #order: Uint32Array
  readonly rows: Float32Array[] = []
  readonly targets: Float32Array[] = []
  readonly weights: Float32Array

  constructor(net: JsNetwork, capacity: number) {
    this.#net = net
    this.#order = new Uint32Array(capacity)
    this.weights = new Float32Array(capacity)
  }

  get size(): number {
    return this.rows.length
  }

  get order(): Uint32Array {
    return this.#order.subarray(0, this.size)
  }

  append(events: Numbers, targets: Float32Array, count: number, weights?: Float32Array): void {
    const { inputs } = this.#net
    const outputs = this.#net.layers.at(-1)!.outputs
    for (let n = 0; n < count; n++) {
      const row = new Float32Array(inputs.length)
      preprocess(inputs, events, n * inputs.length, row)
      this.#order[this.size] = this.size
      this.weights[this.size] = weights ? weights[n]! : 1
      this.rows.push(row)
      this.targets.push(targets.slice(n * outputs, (n + 1) * outputs))
    }
  }

  release(): void {}
}
