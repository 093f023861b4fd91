/** Learning in WebAssembly: the kernels that score, those that train, and a memory of their own. */
import type { Kernels } from '../binaries/learning.ts'
import type { Network } from '../model/network.ts'
import type { Curvature, EventRange, Learner, LearningEngine, Numbers, Steps, TrainingSet } from './api.ts'
import { outOfMemory } from './kernel-memory.ts'
import { SimdEngine } from './simd.ts'
import { SimdResident, stagedEvents } from './simd-resident.ts'

export class SimdLearning extends SimdEngine implements LearningEngine {
  declare readonly kernels: Kernels

  /** Calls a kernel that may make the memory grow. */
  grown<Result>(call: () => Result): Result {
    try {
      return call()
    } catch (error) {
      throw outOfMemory(error)
    } finally {
      this.renew()
    }
  }

  override place(network: Network): Learner {
    return new SimdLearner(this, network)
  }
}

class SimdLearner extends SimdResident implements Learner {
  declare protected readonly engine: SimdLearning

  get parameters(): number {
    return this.#runs().reduce((sum, { count }) => sum + count, 0)
  }

  read(out: Float32Array): void {
    this.#copy(0, out)
  }

  write(parameters: Float32Array): void {
    const { f32 } = this.engine
    let from = 0
    for (const { at, count } of this.#runs()) {
      f32.set(parameters.subarray(from, from + count), at)
      from += count
    }
  }

  trainingSet(capacity: number): TrainingSet {
    return new SimdTrainingSet(this.engine, () => this.net, this.inputs, this.outputs, capacity)
  }

  train(set: TrainingSet, steps: Steps, loss: number): number {
    const { first, count, batch, learningRate } = steps
    const { rowsAt, targetsAt, weightsAt, orderAt } = set as SimdTrainingSet
    const entropy = steps.loss === 'cross-entropy'
    const rate = Math.fround(learningRate / batch)
    const { kernels } = this.engine
    return this.engine.grown(() =>
      kernels.train(this.net, rowsAt, targetsAt, weightsAt, orderAt, first, count, batch, rate, entropy, loss),
    )
  }

  gradient(set: TrainingSet, { first, count, loss }: EventRange, out: Float32Array): number {
    const { rowsAt, targetsAt, weightsAt, orderAt } = set as SimdTrainingSet
    const { kernels } = this.engine
    const sum = this.engine.grown(() =>
      kernels.gradient(this.net, rowsAt, targetsAt, weightsAt, orderAt, first, count, loss === 'cross-entropy'),
    )
    this.#copy(kernels.gradientOffset(this.net) >> 2, out)
    return sum
  }

  objective(set: TrainingSet, { first, count, loss }: EventRange): number {
    const { rowsAt, targetsAt, weightsAt, orderAt } = set as SimdTrainingSet
    return this.engine.kernels.objective(
      this.net,
      rowsAt,
      targetsAt,
      weightsAt,
      orderAt,
      first,
      count,
      loss === 'cross-entropy',
    )
  }

  curvature(): Curvature {
    const { engine, parameters } = this
    const stride = Math.ceil(parameters / 4) * 4
    const bytes = parameters * stride * 8
    const at = engine.allocate(bytes + (8 * stride + 4) * 4)
    engine.f64.fill(0, at / 8, (at + bytes) / 8)
    return {
      add: (set, { first, count, loss, least }) => {
        const { rowsAt, weightsAt, orderAt } = set as SimdTrainingSet
        const entropy = loss === 'cross-entropy'
        const add = () =>
          engine.kernels.curvature(this.net, rowsAt, weightsAt, orderAt, first, count, entropy, least, parameters, at)
        engine.grown(add)
      },
      read(out) {
        for (let i = 0; i < parameters; i++) {
          const from = at / 8 + i * stride
          out.set(engine.f64.subarray(from, from + i + 1), i * parameters)
        }
      },
      release: () => engine.kernels.release(at),
    }
  }

  /** Copies what lies `offset` floats behind each parameter. */
  #copy(offset: number, out: Float32Array): void {
    const { f32 } = this.engine
    let to = 0
    for (const { at, count } of this.#runs()) {
      out.set(f32.subarray(at + offset, at + offset + count), to)
      to += count
    }
  }

  /** Where parameters lie side by side, in their order: biases, or the weights of one input. Padding is in no run. */
  #runs(): { at: number; count: number }[] {
    return this.shape.flatMap(({ outputs: count }, k) => {
      const { biasAt, weightsAt, stride } = this.whereIs(k)
      const inputs = this.shape[k - 1]?.outputs ?? this.inputs
      const rows = Array.from({ length: inputs }, (_, j) => ({ at: weightsAt + j * stride, count }))
      return [{ at: biasAt, count }, ...rows]
    })
  }
}

/** Rows of inputs as the net sees them, padded to four, then targets, the order, and weights: one block. */
class SimdTrainingSet implements TrainingSet {
  readonly #engine: SimdLearning
  readonly #net: () => number
  readonly #inputs: number
  readonly #outputs: number
  readonly #capacity: number
  readonly rowsAt: number
  readonly targetsAt: number
  readonly orderAt: number
  readonly weightsAt: number
  size = 0

  constructor(engine: SimdLearning, net: () => number, inputs: number, outputs: number, capacity: number) {
    this.#engine = engine
    this.#net = net
    this.#inputs = inputs
    this.#outputs = outputs
    this.#capacity = capacity
    const rowBytes = this.#rowBytes
    // The kernels read targets in vectors, up to three floats past the last one.
    const bytes = capacity * (rowBytes + outputs * 4 + 8) + 16
    this.rowsAt = engine.allocate(bytes)
    this.targetsAt = this.rowsAt + capacity * rowBytes
    this.orderAt = this.targetsAt + capacity * outputs * 4 + 16
    this.weightsAt = this.orderAt + capacity * 4
  }

  get #rowBytes(): number {
    return Math.ceil(this.#inputs / 4) * 16
  }

  get order(): Uint32Array {
    return this.#engine.u32.subarray(this.orderAt / 4, this.orderAt / 4 + this.size)
  }

  append(events: Numbers, targets: Float32Array, count: number, weights?: Float32Array): void {
    const engine = this.#engine
    const inputs = this.#inputs
    if (this.size + count > this.#capacity) throw new RangeError(`a training set of ${this.#capacity} events is full`)
    const double = events instanceof Float64Array
    const chunk = stagedEvents(inputs, this.#outputs)
    const eventsAt = engine.staging(chunk * inputs * 8)
    for (let first = 0; first < count; first += chunk) {
      const n = Math.min(chunk, count - first)
      engine.stage(events, first * inputs, n * inputs, eventsAt)
      const row = this.rowsAt + (this.size + first) * this.#rowBytes
      engine.f32.fill(0, row / 4, (row + n * this.#rowBytes) / 4)
      engine.kernels.preprocess(this.#net(), eventsAt, double, n, row)
    }
    engine.f32.set(targets.subarray(0, count * this.#outputs), this.targetsAt / 4 + this.size * this.#outputs)
    const weightsFrom = this.weightsAt / 4 + this.size
    if (weights) engine.f32.set(weights.subarray(0, count), weightsFrom)
    else engine.f32.fill(1, weightsFrom, weightsFrom + count)
    for (let i = this.size; i < this.size + count; i++) engine.u32[this.orderAt / 4 + i] = i
    this.size += count
  }

  release(): void {
    this.#engine.kernels.release(this.rowsAt)
  }
}
