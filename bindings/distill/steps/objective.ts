/** What second-order steps make less: the mean loss of a network over a training set, plus a little of its weights'. */
import type { Learner, Loss, TrainingSet } from '../../engines/api.ts'
import type { Pauses } from '../pauses.ts'

/** Events that are worked on at once: their gradient is summed in f32. */
const CHUNK = 128

/** The most multiplications, in units of parameters², that a chunk may take. */
const WORK = 2 ** 23

/** A factor in J at or below this matters little: 3e-3 of a slope, as the cross-entropy sees it. */
const LEAST: Readonly<Record<Loss, number>> = { squared: 3e-3, 'cross-entropy': 1e-2 }

/** Events that the curvature is summed over: at most so many, and as many as take so many multiplications. */
const MOST_CURVED = 50_000
const MOST_WORK = 2 ** 31

export interface Gradient {
  /** Of the mean loss and the decay, by every parameter. */
  gradient: Float64Array
  /** The mean over the events of Σ(F − G)². */
  squares: number
}

export class Objective {
  readonly resident: Learner
  readonly size: number
  readonly #set: TrainingSet
  readonly #loss: Loss
  /** The weight of Σ parameter² beside the mean loss. */
  readonly decay: number
  readonly #pauses: Pauses
  /** The events that count are the first of the set's order. */
  readonly events: number

  constructor(
    resident: Learner,
    set: TrainingSet,
    loss: Loss,
    decay: number,
    pauses: Pauses,
    most = Number.POSITIVE_INFINITY,
  ) {
    this.resident = resident
    this.size = resident.parameters
    this.#set = set
    this.events = Math.min(set.size, most)
    this.#loss = loss
    this.decay = decay
    this.#pauses = pauses
  }

  parameters(): Float32Array {
    const parameters = new Float32Array(this.size)
    this.resident.read(parameters)
    return parameters
  }

  async value(): Promise<number> {
    let sum = 0
    await this.#chunks(this.events, CHUNK, (first, count) => {
      sum += this.resident.objective(this.#set, { first, count, loss: this.#loss })
    })
    return sum / this.events + this.decay * this.parameters().reduce((squares, p) => squares + p * p, 0)
  }

  async gradient(): Promise<Gradient> {
    const gradient = new Float64Array(this.size)
    const part = new Float32Array(this.size)
    let squares = 0
    await this.#chunks(this.events, CHUNK, (first, count) => {
      squares += this.resident.gradient(this.#set, { first, count, loss: this.#loss }, part)
      for (let i = 0; i < part.length; i++) gradient[i] = gradient[i]! + part[i]!
    })
    const count = this.events
    for (const [i, p] of this.parameters().entries()) gradient[i] = gradient[i]! / count + 2 * this.decay * p
    return { gradient, squares: squares / count }
  }

  /** The lower triangle of H [size × size], of the first events of the order where there are very many. */
  async curvature(): Promise<Float64Array> {
    const { size } = this
    const outputs = this.resident.layers().at(-1)!.bias.length
    const events = Math.max(Math.min(MOST_CURVED, Math.floor(MOST_WORK / (size * size * outputs))), 4 * size)
    const count = Math.min(this.events, events)
    const chunk = Math.max(8, Math.min(CHUNK, Math.floor(WORK / (size * size * outputs))))
    const sums = this.resident.curvature()
    const matrix = new Float64Array(size * size)
    try {
      const range = { loss: this.#loss, least: LEAST[this.#loss] }
      await this.#chunks(count, chunk, (first, length) => sums.add(this.#set, { first, count: length, ...range }))
      sums.read(matrix)
    } finally {
      sums.release()
    }
    for (let i = 0; i < size; i++) {
      for (let at = i * size; at <= i * size + i; at++) matrix[at] = matrix[at]! / count
      matrix[i * size + i] = matrix[i * size + i]! + 2 * this.decay
      await this.#pauses.ifDue()
    }
    return matrix
  }

  async #chunks(total: number, size: number, work: (first: number, count: number) => void): Promise<void> {
    for (let first = 0; first < total; first += size) {
      work(first, Math.min(size, total - first))
      await this.#pauses.ifDue()
    }
  }
}
