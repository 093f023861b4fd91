/** The plain-JavaScript engine: runs `arithmetic/`, the definition of the arithmetic, where WebAssembly is not to be had. */

import { backward, type LayerTraining, layerTraining, outputError, update } from '../arithmetic/backward.ts'
import { forward, preprocess } from '../arithmetic/forward.ts'
import { type JsNetwork, jsLayer, plainLayer, withInput, withUnit } from '../arithmetic/network.ts'
import type { Layer, Network } from '../model/network.ts'
import type { Engine, Numbers, Resident, Steps, TrainingSet } from './api.ts'

export class JsEngine implements Engine {
  readonly name = 'js'

  place(network: Network): Resident {
    return new JsResident(network)
  }
}

class JsResident implements Resident {
  readonly #net: JsNetwork
  #training: LayerTraining[] | undefined
  readonly inputAt = 0
  readonly outputAt = 0

  constructor({ inputs, layers }: Network) {
    this.#net = {
      inputs,
      layers: layers.map((layer, k) => jsLayer(layer, k === layers.length - 1)),
      event: new Float64Array(inputs.length),
      x: new Float32Array(inputs.length),
    }
  }

  get input(): Float64Array {
    return this.#net.event
  }

  get output(): Float32Array {
    return this.#net.layers.at(-1)!.y
  }

  predict(): void {
    const net = this.#net
    preprocess(net.inputs, net.event, 0, net.x)
    forward(net, net.x)
  }

  predictBatch(events: Numbers, count: number, out: Float32Array): void {
    const net = this.#net
    const outputs = this.output.length
    for (let n = 0; n < count; n++) {
      preprocess(net.inputs, events, n * net.inputs.length, net.x)
      forward(net, net.x)
      for (let i = 0; i < outputs; i++) out[n * outputs + i] = this.output[i]!
    }
  }

  expand(k: number, incoming: Float32Array, bias: number): void {
    const { layers } = this.#net
    layers[k] = withUnit(layers[k]!, incoming, bias)
    layers[k + 1] = withInput(layers[k + 1]!)
    this.#training = undefined
  }

  layers(): Layer[] {
    return this.#net.layers.map(plainLayer)
  }

  trainingSet(capacity: number): TrainingSet {
    return new JsTrainingSet(this.#net, capacity)
  }

  train(set: TrainingSet, steps: Steps, loss: number): number {
    const { rows, targets, order } = set as JsTrainingSet
    const net = this.#net
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

  release(): void {}
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
