/** What was measured: nanoseconds an event, round by round. */
import { median, type Task } from './task.ts'

/** Over the rounds. */
export interface Spread {
  median: number
  least: number
  most: number
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

export type Question = Pick<Task, 'sizes' | 'batch'>

/** As tables call it. */
export function named(batch: number): string {
  return batch === 0 ? 'one event' : `batch of ${batch.toLocaleString('en')}`
}

export class Figures {
  readonly #rounds = new Map<string, number[]>()

  add(question: Question, name: string, nanoseconds: number): void {
    this.#rounds.set(key(question, name), [...this.rounds(question, name), nanoseconds])
  }

  /** In order of the rounds; none of whom was not measured. */
  rounds(question: Question, name: string): readonly number[] {
    return this.#rounds.get(key(question, name)) ?? []
  }

  /** The quotients of both in each round, in which both took turns. */
  ratios(question: Question, name: string, other: string): number[] {
    const others = this.rounds(question, other)
    if (others.length === 0) return []
    return this.rounds(question, name).map((nanoseconds, round) => nanoseconds / others[round]!)
  }
}

function key({ sizes, batch }: Question, name: string): string {
  return `${sizes} ${batch} ${name}`
}
