/** Gradient descent on mini-batches, by the engine's own step of gradient and update in one. */
import { Pauses, shuffle } from '../pauses.ts'
import type { Learning, Method, Pace, Subject } from './api.ts'

export const sgd: Method = (subject, pace) => new GradientDescent(subject, pace)

class GradientDescent implements Learning {
  readonly #subject: Subject
  readonly #pace: Pace
  readonly #pauses = new Pauses()
  /** Events that take about half as long as work goes on between two pauses; found by the clock, which changes no result. */
  #stride = 64

  constructor(subject: Subject, pace: Pace) {
    this.#subject = subject
    this.#pace = pace
  }

  async epoch(epoch: number): Promise<number | undefined> {
    const { resident, set, random, signal } = this.#subject
    const { epochs, batch, decay, reshuffles } = this.#pace
    if (reshuffles) await shuffle(() => set.order, random, this.#pauses)
    const learningRate = this.#pace.learningRate * decay(Math.min(1, (epoch - 1) / epochs))
    const steps = { first: 0, count: 0, batch, learningRate, loss: this.#pace.loss }
    const batches = Math.floor(set.size / batch)
    const events = batches * batch
    let loss = 0
    for (let first = 0; first < events; first += steps.count) {
      steps.first = first
      steps.count = Math.min(this.#stride, events - first)
      const began = performance.now()
      loss = resident.train(set, steps, loss)
      this.#adapt(steps.count, performance.now() - began)
      await this.#pauses.ifDue()
      if (signal?.aborted) return undefined
    }
    return loss / batches
  }

  /** That the rest of an epoch was quick says nothing; it is short. */
  #adapt(count: number, milliseconds: number): void {
    if (milliseconds < 1 && count === this.#stride) this.#stride *= 2
    else if (milliseconds > 3) this.#stride = Math.max(1, count >>> 1)
  }
}
