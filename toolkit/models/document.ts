/** Values of a parsed document, each with its place, so that whatever is wrong with one can be said. */
import { constants } from 'node:buffer'
import { shown } from 'nndrone'
import { InputError } from '../errors.ts'
import type { ModelFile } from './model.ts'
import { repeated } from './names.ts'

/** A list of numbers as a parser gives it: of JSON or of typed arrays. */
type List = readonly unknown[] | Float32Array | Float64Array | Int32Array

export class Place {
  readonly file: string
  readonly path: string
  readonly value: unknown

  constructor(file: string, path: string, value: unknown) {
    this.file = file
    this.path = path
    this.value = value
  }

  /** @throws InputError: the file, the place, the value, and what should stand there */
  fail(expected: string): never {
    const value = isList(this.value) ? `an array of ${this.value.length}` : shown(this.value)
    throw new InputError(`${this.file}: ${this.path || 'document'}: ${value}, expected ${expected}`)
  }

  /** @throws InputError: the file, the place, and what of it cannot be read */
  refuse(what: string): never {
    throw new InputError(`${this.file}: ${this.path || 'document'}: ${what}`)
  }

  /** Another value at the same place. */
  with(value: unknown): Place {
    return new Place(this.file, this.path, value)
  }

  has(key: string): boolean {
    return typeof this.value === 'object' && this.value !== null && Object.hasOwn(this.value, key)
  }

  /** What stands under a key; undefined where nothing does. */
  get(key: string): Place {
    if (typeof this.value !== 'object' || this.value === null || isList(this.value)) this.fail('an object')
    const value = this.has(key) ? (this.value as Record<string, unknown>)[key] : undefined
    return new Place(this.file, this.path === '' ? key : `${this.path}.${key}`, value)
  }

  /** What stands under keys, one in the other. */
  in(...keys: readonly string[]): Place {
    return keys.reduce<Place>((place, key) => place.get(key), this)
  }

  entries(): [string, Place][] {
    if (typeof this.value !== 'object' || this.value === null || isList(this.value)) this.fail('an object')
    return Object.keys(this.value).map((key) => [key, this.get(key)])
  }

  list(): Place[] {
    return Array.from(this.#list(), (value, i) => new Place(this.file, `${this.path}[${i}]`, value))
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a string')
  }

  /** A finite number; some formats write it as a string. */
  number(): number {
    return finite(this.value) ?? this.fail('a finite number')
  }

  /** A whole number of a range, or a string of one. */
  whole(least: number, most: number): number {
    const number = this.number()
    return Number.isInteger(number) && number >= least && number <= most
      ? number
      : this.fail(`a whole number from ${least} to ${most}`)
  }

  /** Finite numbers, `length` of them. */
  numbers(length?: number): Float64Array {
    const list = this.#list(length)
    const numbers = new Float64Array(list.length)
    for (let i = 0; i < list.length; i++) numbers[i] = finite(list[i]) ?? this.#item(i).fail('a finite number')
    return numbers
  }

  /** Whole numbers of a range, `length` of them; true and false are 1 and 0. */
  integers(length: number, least: number, most: number): Int32Array {
    const list = this.#list(length)
    const numbers = new Int32Array(length)
    for (let i = 0; i < length; i++) {
      const number = typeof list[i] === 'boolean' ? Number(list[i]) : list[i]
      const whole = Number.isInteger(number) && (number as number) >= least && (number as number) <= most
      numbers[i] = whole ? (number as number) : this.#item(i).fail(`a whole number from ${least} to ${most}`)
    }
    return numbers
  }

  /** Names that stand here, no two of which may be one. */
  distinct(names: string[]): string[] {
    const twice = repeated(names)
    return twice === undefined ? names : this.refuse(`${JSON.stringify(twice)} stands twice`)
  }

  #item(i: number): Place {
    return new Place(this.file, `${this.path}[${i}]`, (this.value as List)[i])
  }

  #list(length?: number): List {
    if (!isList(this.value)) this.fail('an array')
    if (length !== undefined && this.value.length !== length) this.fail(`${length} values`)
    return this.value
  }
}

function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

function finite(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return Number.isFinite(number) ? (number as number) : undefined
}

/** @throws InputError where the file is too long for a string */
export function textOf({ path, bytes }: ModelFile): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new InputError(`${path}: ${bytes.length} bytes, but text of at most ${constants.MAX_STRING_LENGTH} is read`)
  }
  return new TextDecoder().decode(bytes)
}

/**
 * JSON; NaN and Infinity, which some programs write though JSON has no such numbers, are null.
 * @throws InputError where it is not JSON
 */
export function parseJSON(file: ModelFile): Place {
  const text = textOf(file)
  const plain = text.replace(/([[,:] ?)(?:NaN|-?Infinity)(?=[\],}])/g, '$1null')
  try {
    return new Place(file.path, '', JSON.parse(plain))
  } catch (error) {
    throw new InputError(`${file.path}: not JSON: ${(error as Error).message}`)
  }
}

/** Whether a file is a JSON object that has all of these keys somewhere. */
export function isJSONWith({ bytes }: ModelFile, ...keys: readonly string[]): boolean {
  const object = /^(\ufeff)?\s*\{/.test(bytes.toString('utf8', 0, 1024))
  return object && keys.every((key) => bytes.includes(`"${key}"`))
}
