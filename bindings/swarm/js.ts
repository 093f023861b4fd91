/** A swarm without WebAssembly: one drone after the other, each in the engine as it would be alone. */

import type { Engine, Numbers, Resident } from '../engines/api.ts'
import type { Member, SwarmRunner } from './api.ts'

export class JsSwarm implements SwarmRunner {
  readonly name = 'js'
  readonly #engine: Engine
  readonly #residents = new Map<Member, Resident>()
  input = new Float64Array(0)
  output = new Float32Array(0)
  readonly inputAt = 0
  readonly outputAt = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  put(member: Member): void {
    this.#residents.set(member, this.#engine.place(member.network))
  }

  drop(member: Member): void {
    this.#residents.get(member)!.release()
    this.#residents.delete(member)
  }

  arrange(inputs: number, outputs: number): void {
    this.input = new Float64Array(inputs)
    this.output = new Float32Array(outputs)
  }

  predict(): void {
    for (const [{ columns, place, network }, resident] of this.#residents) {
      const { input, inputAt } = resident
      for (let i = 0; i < columns.length; i++) input[inputAt + i] = this.input[columns[i]!]!
      resident.predict()
      const { output, outputAt } = resident
      for (let i = 0; i < network.outputs.length; i++) this.output[place + i] = output[outputAt + i]!
    }
  }

  predictBatch(events: Numbers, count: number, out: Float32Array): void {
    const [inputs, outputs] = [this.input.length, this.output.length]
    for (let n = 0; n < count; n++) {
      this.input.set(events.subarray(n * inputs, (n + 1) * inputs))
      this.predict()
      out.set(this.output, n * outputs)
    }
  }

  release(): void {
    for (const resident of this.#residents.values()) resident.release()
    this.#residents.clear()
  }
}
