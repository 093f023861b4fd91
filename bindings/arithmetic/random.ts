import { ConfigurationError, shown } from '../errors.ts'

/** @throws ConfigurationError where it is no whole number from 0 */
export function checkSeed(seed: unknown): void {
  if (Number.isSafeInteger(seed) && (seed as number) >= 0) return
  throw new ConfigurationError(`seed: ${shown(seed)}, expected a whole number from 0`)
}

/**
 * Random numbers by sfc32 (Chris Doty-Humphrey, PractRand), 32-bit integer operations only, so that a seed gives the
 * same numbers everywhere.
 * @example const random = new Random(1)
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /**
   * @param seed a whole number from 0 to 2⁵³ − 1
   * @throws ConfigurationError on any other
   */
  constructor(seed: number) {
    checkSeed(seed)
    this.#a = seed | 0
    this.#b = Math.floor(seed / 2 ** 32) | 0
    this.#c = 0x9e3779b9 | 0
    for (let i = 0; i < 15; i++) this.bits()
  }

  /**
   * 32 random bits, from 0 to 2³² − 1.
   * @example const flags = random.bits()
   */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /**
   * Uniform in [0, 1), a multiple of 2⁻²⁴: exact in f32.
   * @example const x = 4 * random.uniform() - 2
   */
  uniform(): number {
    return (this.bits() >>> 8) * 2 ** -24
  }

  /**
   * Uniform in 0 … n − 1, n up to 2³²; the bias is below n / 2³².
   * @example const event = random.below(count)
   */
  below(n: number): number {
    return Math.floor((this.bits() * n) / 2 ** 32)
  }

  /**
   * Puts the elements in a random order (Fisher and Yates), of which each is as likely as any.
   * @example random.shuffle(order)
   */
  shuffle(order: Uint32Array): void {
    this.shufflePart(order, order.length - 1, 0)
  }

  /**
   * A part of a shuffle: elements `from` down to `to` + 1 find their places at or below them.
   * @example random.shufflePart(order, order.length - 1, 1000)
   */
  shufflePart(order: Uint32Array, from: number, to: number): void {
    for (let i = from; i > to; i--) {
      const j = this.below(i + 1)
      const swapped = order[i]!
      order[i] = order[j]!
      order[j] = swapped
    }
  }
}
