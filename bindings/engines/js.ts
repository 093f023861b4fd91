/** The plain-JavaScript engine: runs `arithmetic/`, the definition of the arithmetic, where WebAssembly is not to be had. */

import { forward, preprocess } from '../arithmetic/forward.ts'
import { type JsNetwork, jsLayer, plainLayer, withInput, withUnit } from '../arithmetic/network.ts'
import type { Layer, Network } from '../model/network.ts'
import type { Engine, Numbers, Resident } from './api.ts'

export class JsEngine implements Engine {
  readonly name = 'js'

  place(network: Network): Resident {
    return new JsResident(network)
  }
}

export class JsResident implements Resident {
  protected readonly net: JsNetwork
  readonly inputAt = 0
  readonly outputAt = 0

  constructor({ inputs, layers }: Network) {
    this.net = {
      inputs,
      layers: layers.map((layer, k) => jsLayer(layer, k === layers.length - 1)),
      event: new Float64Array(inputs.length),
      x: new Float32Array(inputs.length),
    }
  }

  get input(): Float64Array {
    return this.net.event
  }

  get output(): Float32Array {
    return this.net.layers.at(-1)!.y
  }

  predict(): void {
    const net = this.net
    preprocess(net.inputs, net.event, 0, net.x)
    forward(net, net.x)
  }

  predictBatch(events: Numbers, count: number, out: Float32Array): void {
    const net = this.net
    const outputs = this.output.length
    for (let n = 0; n < count; n++) {
      preprocess(net.inputs, events, n * net.inputs.length, net.x)
      forward(net, net.x)
      for (let i = 0; i < outputs; i++) out[n * outputs + i] = this.output[i]!
    }
  }

  expand(k: number, incoming: Float32Array, bias: number): void {
    const { layers } = this.net
    layers[k] = withUnit(layers[k]!, incoming, bias)
    layers[k + 1] = withInput(layers[k + 1]!)
  }

  layers(): Layer[] {
    return this.net.layers.map(plainLayer)
  }

  release(): void {}
}
