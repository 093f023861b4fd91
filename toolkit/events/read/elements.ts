/** The elements of an array of JSON, in text that comes in pieces, so that the array is never in memory whole. */
import { InputError } from '../../errors.ts'
import { faultError } from '../pieces.ts'
import { quoted } from '../source.ts'
import type { Line } from './text.ts'

const FEED = 10
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const [SQUARE, SQUARE_END] = [91, 93]
const [CURLY, CURLY_END] = [123, 125]

/** Characters of the longest element. */
const LONGEST = 1 << 24

export class Elements {
  readonly #name: string
  /** From the beginning of the element that has not ended, or of what is not read yet. */
  #text = ''
  /** Where the reading of the text stands, and on which line. */
  #at = 0
  #line = 1
  /** Where the element begins, and on which line; undefined between two. */
  #begin: { at: number; line: number } | undefined
  /** How deep it is nested there: 1 in the array, 0 before and behind it. */
  #depth = 0
  #inString = false
  #ended = false

  constructor(name: string) {
    this.#name = name
  }

  /** The elements that end in a piece of text. */
  *take(text: string): Generator<Line> {
    this.#text += text
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (code === FEED) this.#line++
      if (this.#inString) this.#passString(code)
      else if (code > 32) {
        const element = this.#pass(code)
        if (element) yield element
      }
    }
    this.#forget(this.#begin?.at ?? this.#at)
    if (this.#text.length <= LONGEST) return
    throw new InputError(`${this.#name}:${this.#begin!.line}: an event of more than ${LONGEST / 2 ** 20} MB`)
  }

  /** @throws InputError where the array has no end */
  end(): void {
    if (!this.#ended) throw new InputError(`${this.#name}: the array of events ends too early; is the file whole?`)
  }

  #passString(code: number): void {
    if (code === BACKSLASH) this.#at++
    else if (code === QUOTE) this.#inString = false
  }

  /** Passes what is neither blank nor in a string. Returns the element that ends before it. */
  #pass(code: number): Line | undefined {
    if (this.#ended) throw this.#wrong('stands behind the array of events')
    const closes = code === SQUARE_END || code === CURLY_END
    const inArray = this.#depth === 1
    if (code === QUOTE) this.#inString = true
    else if (code === SQUARE || code === CURLY) this.#depth++
    else if (closes) this.#ended = --this.#depth === 0
    if (inArray && (closes || code === COMMA)) return this.#element(closes)
    if (inArray) this.#begin ??= { at: this.#at, line: this.#line }
    return undefined
  }

  /** @param last whether the array ends too: it may be empty */
  #element(last: boolean): Line | undefined {
    const begin = this.#begin
    this.#begin = undefined
    if (begin) return [this.#text.slice(begin.at, this.#at), begin.line]
    if (last) return undefined
    throw this.#wrong('stands where an event is expected')
  }

  #wrong(what: string): InputError {
    const text = this.#text.slice(this.#at, this.#at + 40)
    return faultError({ file: this.#name, line: this.#line, reason: `${quoted(text)} ${what}`, text })
  }

  /** Lets go of the text before a place. */
  #forget(before: number): void {
    this.#text = this.#text.slice(before)
    this.#at -= before
    if (this.#begin) this.#begin.at = 0
  }
}
