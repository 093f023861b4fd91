/** Universal Binary JSON (ubjson.org, draft 12), as far as XGBoost writes it: every number is big-endian. */
import { InputError } from '../../../errors.ts'
import { Place } from '../../document.ts'
import type { ModelFile } from '../../model.ts'

/** Deeper than any model; a file must not exhaust the stack. */
const DEEPEST = 64

const NUMBERS: Readonly<Record<string, [bytes: number, read: (bytes: Buffer, at: number) => number]>> = {
  i: [1, (bytes, at) => bytes.readInt8(at)],
  U: [1, (bytes, at) => bytes.readUInt8(at)],
  C: [1, (bytes, at) => bytes.readUInt8(at)],
  I: [2, (bytes, at) => bytes.readInt16BE(at)],
  l: [4, (bytes, at) => bytes.readInt32BE(at)],
  L: [8, (bytes, at) => Number(bytes.readBigInt64BE(at))],
  d: [4, (bytes, at) => bytes.readFloatBE(at)],
  D: [8, (bytes, at) => bytes.readDoubleBE(at)],
}

/** @throws InputError that names the byte */
export function parseUBJ({ path, bytes }: ModelFile): Place {
  const reader = new Reader(path, bytes)
  return new Place(path, '', reader.value(reader.marker(), 0))
}

class Reader {
  readonly #file: string
  readonly #bytes: Buffer
  #at = 0

  constructor(file: string, bytes: Buffer) {
    this.#file = file
    this.#bytes = bytes
  }

  marker(): string {
    return String.fromCharCode(this.#bytes[this.#take(1)]!)
  }

  value(marker: string, depth: number): unknown {
    if (depth > DEEPEST) this.#fail(`nested deeper than ${DEEPEST}`)
    if (marker in NUMBERS) return this.#number(marker)
    if (marker === '{') return this.#object(depth)
    if (marker === '[') return this.#array(depth)
    if (marker === 'S') return this.#text()
    if (marker === 'T' || marker === 'F') return marker === 'T'
    if (marker === 'Z') return null
    return this.#fail(`the marker ${JSON.stringify(marker)} is not known`)
  }

  #number(type: string): number {
    const [size, read] = NUMBERS[type]!
    return read(this.#bytes, this.#take(size))
  }

  #text(): string {
    const length = this.#length(1)
    const at = this.#take(length)
    return this.#bytes.toString('utf8', at, at + length)
  }

  #object(depth: number): Record<string, unknown> {
    const object = Object.create(null)
    while (this.#peek() !== '}') object[this.#text()] = this.value(this.marker(), depth + 1)
    this.#at++
    return object
  }

  #array(depth: number): unknown {
    if (this.#skip('$')) return this.#typed()
    if (this.#skip('#')) return Array.from({ length: this.#length(1) }, () => this.value(this.marker(), depth + 1))
    const list: unknown[] = []
    while (this.#peek() !== ']') list.push(this.value(this.marker(), depth + 1))
    this.#at++
    return list
  }

  #typed(): Float64Array {
    const type = this.marker()
    if (!Object.hasOwn(NUMBERS, type)) this.#fail(`an array of type ${JSON.stringify(type)} is not known`)
    if (!this.#skip('#')) this.#fail('an array without its length')
    const length = this.#length(NUMBERS[type]![0])
    return Float64Array.from({ length }, () => this.#number(type))
  }

  /** A number of things of some bytes each: no more than there are bytes left. */
  #length(bytes: number): number {
    const at = this.#at
    const type = this.marker()
    const length = 'iUIlL'.includes(type) ? this.#number(type) : this.#fail('expected a length')
    if (length < 0 || length * bytes > this.#bytes.length - this.#at) {
      this.#at = at
      this.#fail(`a length of ${length}, but the file ends ${this.#bytes.length - this.#at} bytes further`)
    }
    return length
  }

  #skip(marker: string): boolean {
    const found = this.#peek() === marker
    if (found) this.#at++
    return found
  }

  #peek(): string {
    if (this.#at >= this.#bytes.length) this.#fail('the file ends here')
    return String.fromCharCode(this.#bytes[this.#at]!)
  }

  #take(bytes: number): number {
    const at = this.#at
    if (at + bytes > this.#bytes.length) this.#fail('the file ends here')
    this.#at += bytes
    return at
  }

  #fail(what: string): never {
    throw new InputError(`${this.#file}: byte ${this.#at}: ${what}`)
  }
}
