/** Scores as bytes of CSV or NDJSON, written without a string for each. */
import { shortest } from '../model/json.ts'
import { LineKernels, padded } from './kernels.ts'

/** What stands around the scores of an event. */
export interface ScoreForm {
  /** Before each score, and behind the last. */
  around: readonly string[]
  /** What stands for NaN. */
  nan: 'nan' | 'null'
  /** Whether an infinite score is written as NaN is; else as `Infinity`. */
  finite: boolean
}

/** Bytes of the longest number. */
const LONGEST = 32

/**
 * Writes scores as the shortest decimals that read back as the same f32, event after event.
 * @example
 * const lines = new ScoreText({ around: ['{"signal":', '}\n'], nan: 'null', finite: true })
 * process.stdout.write(lines.bytes(drone.predictBatch(events)))
 */
export class ScoreText {
  readonly #form: ScoreForm
  readonly #outputs: number
  readonly #around: readonly Uint8Array[]
  /** Bytes of an event at most. */
  readonly #widest: number
  readonly #kernels = LineKernels.create()
  #layoutAt = 0
  #scoresAt = 0

  constructor(form: ScoreForm) {
    this.#form = form
    this.#outputs = form.around.length - 1
    this.#around = form.around.map((text) => new TextEncoder().encode(text))
    this.#widest = this.#around.reduce((sum, { length }) => sum + length + LONGEST, 0)
    if (this.#kernels) this.#settle(this.#kernels)
  }

  /**
   * The lines of some events.
   * @param scores [events × outputs]
   * @returns bytes that are good until the next call
   * @example process.stdout.write(lines.bytes(drone.predictBatch(events)))
   */
  bytes(scores: Float32Array): Uint8Array<ArrayBuffer> {
    const kernels = this.#kernels
    if (!kernels) return new TextEncoder().encode(Array.from(scores, (score, i) => this.#piece(score, i)).join(''))
    const outAt = this.#scoresAt + padded(scores.length * 4)
    const most = Math.ceil(scores.length / this.#outputs) * this.#widest
    kernels.reserve(outAt + most - kernels.base)
    kernels.f32.set(scores, this.#scoresAt / 4)
    let end = outAt
    for (let at = 0; at < scores.length; at++) {
      at = kernels.run.writeScores(this.#layoutAt, this.#scoresAt, at, scores.length, end)
      end = kernels.u32[this.#layoutAt / 4 + END]!
      if (at === scores.length) break
      end += this.#write(kernels, end, scores[at]!, at % this.#outputs)
    }
    return kernels.u8.subarray(outAt, end)
  }

  /** Writes a score that the kernels leave, and what stands behind it; they have written what stands before. */
  #write({ u8 }: LineKernels, at: number, score: number, output: number): number {
    const after = output === this.#outputs - 1 ? this.#around[output + 1]! : []
    const text = this.#text(score)
    for (let i = 0; i < text.length; i++) u8[at + i] = text.charCodeAt(i)
    u8.set(after, at + text.length)
    return text.length + after.length
  }

  /** A score with what stands before it, and what stands behind the last. */
  #piece(score: number, i: number): string {
    const { around } = this.#form
    const output = i % this.#outputs
    return `${around[output]}${this.#text(score)}${output === this.#outputs - 1 ? around[output + 1] : ''}`
  }

  #text(score: number): string {
    const { nan, finite } = this.#form
    return Number.isNaN(score) || (finite && !Number.isFinite(score)) ? nan : String(shortest(score))
  }

  /** Writes down what stands around the scores, in the order of assembly/lines/scores.ts. */
  #settle(kernels: LineKernels): void {
    const around = this.#around
    const textBytes = around.reduce((sum, { length }) => sum + padded(length), 0)
    const head = padded((END + 1) * 4)
    const lists = padded(around.length * 8)
    this.#layoutAt = padded(kernels.reserve(head + lists + textBytes + 16))
    const lengthsAt = this.#layoutAt + head
    const placesAt = lengthsAt + around.length * 4
    const textsAt = lengthsAt + lists
    const { nan, finite } = this.#form
    const word = new TextEncoder().encode(nan)
    const [letters] = new Uint32Array(Uint8Array.of(...word, 0).slice(0, 4).buffer)
    kernels.u32.set([this.#outputs, lengthsAt, placesAt, letters!, word.length, Number(finite)], this.#layoutAt / 4)
    let at = textsAt
    for (const [i, text] of around.entries()) {
      kernels.u8.set(text, at)
      kernels.i32[lengthsAt / 4 + i] = text.length
      kernels.u32[placesAt / 4 + i] = at
      at += padded(text.length)
    }
    this.#scoresAt = at
  }
}

/** Where the layout has the end of what was written. */
const END = 6

/**
 * A column for each output, without a header.
 * @example new ScoreText(csvForm(drone.outputs.length))
 */
export function csvForm(outputs: number): ScoreForm {
  const between = Array.from({ length: outputs }, (_, i) => (i === 0 ? '' : ','))
  return { around: [...between, '\n'], nan: 'nan', finite: false }
}

/**
 * An object for each event, with what is not finite as null.
 * @example new ScoreText(ndjsonForm(drone.outputs))
 */
export function ndjsonForm(outputs: readonly string[]): ScoreForm {
  const keys = outputs.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`)
  return { around: [...keys, '}\n'], nan: 'null', finite: true }
}
