/** The options of a layer. Each is taken by name, and what nobody took is refused: it might change the answers. */
import type { InputError } from '../../errors.ts'

/** Of any layer. They matter for training, or for telling layers apart, but not for the answers. */
const WITHOUT_EFFECT =
  /^(name|trainable|dtype|batch_input_shape|batch_shape|input_shape|input_dim|input_length|input_dtype|\w+_(initializer|regularizer|constraint))$/

export class Options {
  /** Version of Keras that wrote the file: 1, 2 or 3. */
  readonly keras: number
  /** As messages name the layer. */
  readonly #where: string
  readonly #fail: (message: string) => InputError
  readonly #rest: Map<string, unknown>

  constructor(
    where: string,
    options: Readonly<Record<string, unknown>>,
    keras: number,
    fail: (message: string) => InputError,
  ) {
    this.#where = where
    this.keras = keras
    this.#fail = fail
    this.#rest = new Map(Object.entries(options))
  }

  error(message: string): InputError {
    return this.#fail(`${this.#where}: ${message}`)
  }

  /** The options of something within this layer. @param what as messages name it */
  inner(what: string, options: unknown): Options {
    const given = typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {}
    return new Options(`${this.#where}: ${what}`, given, this.keras, this.#fail)
  }

  /** Takes an option; what is absent or null is undefined. */
  take(name: string): unknown {
    const value = this.#rest.get(name)
    this.#rest.delete(name)
    return value ?? undefined
  }

  /** A whole number from `least`. */
  whole(name: string, least: number, otherwise?: number): number {
    const value = this.take(name) ?? otherwise
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
    throw this.#wrong(name, value, `a whole number from ${least}`)
  }

  /** As many whole numbers from 1 as `count`; one number stands for all. */
  sizes(name: string, count: number, otherwise?: readonly number[]): readonly number[] {
    const value = this.take(name) ?? otherwise
    const list = Array.isArray(value) ? value : Array<unknown>(count).fill(value)
    if (list.length === count && list.every((item) => Number.isSafeInteger(item) && item > 0)) return list
    throw this.#wrong(name, value, `${count === 1 ? 'a whole number' : `${count} whole numbers`} from 1`)
  }

  /** A number, from `least` where that matters. */
  number(name: string, otherwise?: number, least = Number.NEGATIVE_INFINITY): number {
    const value = this.take(name) ?? otherwise
    if (Number.isFinite(value) && (value as number) >= least) return value as number
    throw this.#wrong(name, value, Number.isFinite(least) ? `a number from ${least}` : 'a number')
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.take(name) ?? otherwise
    if (typeof value === 'boolean') return value
    throw this.#wrong(name, value, 'true or false')
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const value = this.take(name) ?? otherwise
    if (choices.includes(value as Choice)) return value as Choice
    throw this.#wrong(name, value, choices.join(' or '))
  }

  /** Takes an option that can be read with one value alone, or absent. */
  only(name: string, ...values: readonly unknown[]): void {
    const value = this.take(name)
    if (value === undefined || values.some((known) => JSON.stringify(known) === JSON.stringify(value))) return
    throw this.#wrong(name, value, values.map((known) => JSON.stringify(known)).join(' or '))
  }

  /** Passes over options that do not matter for the answers. */
  skip(...names: readonly string[]): void {
    for (const name of names) this.#rest.delete(name)
  }

  /** @throws InputError where an option is left that nobody knows */
  done(): void {
    for (const [name, value] of this.#rest) {
      if (value === null || WITHOUT_EFFECT.test(name)) continue
      throw this.error(`option ${JSON.stringify(name)} is not known`)
    }
  }

  #wrong(name: string, value: unknown, expected: string): InputError {
    return this.error(`${name}: ${short(value)}, expected ${expected}`)
  }
}

/** What was given, as messages show it. */
export function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
