/** Learning in plain JavaScript: the definition of a step of training. */

import { backward, type LayerTraining, layerTraining, outputError, update } from '../arithmetic/backward.ts'
import { forward, preprocess } from '../arithmetic/forward.ts'
import type { JsNetwork } from '../arithmetic/network.ts'
import type { Network } from '../model/network.ts'
import type { Learner, LearningEngine, Numbers, Steps, TrainingSet } from './api.ts'
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

  trainingSet(capacity: number): TrainingSet {
    return new JsTrainingSet(this.net, capacity)
  }

  train(set: TrainingSet, steps: Steps, loss: number): number {
    const { rows, targets, order } = set as JsTrainingSet
    const net = this.net
    this.#training ??= net.layers.map(layerTraining)
    const training = this.#training
    const last = net.layers.at(-1)!
    const rate = Math.fround(steps.learningRate / steps.batch)
    for (let n = steps.first; n < steps.first + steps.count; n++) {
      const event = order[n]!
      forward(net, rows[event]!)
      loss = outputError(last, targets[event]!, steps.loss, training.at(-1)!.delta, loss)
      backward(net, rows[event]!, training, n % steps.batch === 0)
      if ((n + 1) % steps.batch === 0) update(net, training, rate)
    }
    return loss
  }
}

class JsTrainingSet implements TrainingSet {
  readonly #net: JsNetwork
  readonly #order: Uint32Array
  readonly rows: Float32Array[] = []
  readonly targets: Float32Array[] = []

  constructor(net: JsNetwork, capacity: number) {
    this.#net = net
    this.#order = new Uint32Array(capacity)
  }

  get size(): number {
    return this.rows.length
  }

  get order(): Uint32Array {
    return this.#order.subarray(0, this.size)
  }

  append(events: Numbers, targets: Float32Array, count: number): void {
    const { inputs } = this.#net
    const outputs = this.#net.layers.at(-1)!.outputs
    for (let n = 0; n < count; n++) {
      const row = new Float32Array(inputs.length)
      preprocess(inputs, events, n * inputs.length, row)
      this.#order[this.size] = this.size
      this.rows.push(row)
      this.targets.push(targets.slice(n * outputs, (n + 1) * outputs))
    }
  }

  release(): void {}
}
