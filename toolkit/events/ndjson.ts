/** Events from NDJSON: a line an event, an object by the names of its values or an array by their order. */
import { InputError } from '../errors.ts'
import type { Opened } from './opened.ts'
import { type Format, type Growing, pieceOf, quoted, short, type Table } from './source.ts'
import { wholeLines } from './text.ts'

export const ndjson: Format = {
  matches: (head) => /^(\ufeff)?\s*[{[]/.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(head)),
  open,
}

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const pieces = wholeLines(opened)
  const first = await pieces.next()
  const reader = new Reader(name)
  const columns = first.done ? [] : reader.namesOf(first.value)
  async function* read(
    wanted: readonly string[],
    optional: ReadonlySet<string> = new Set(),
  ): AsyncGenerator<Float64Array> {
    if (!first.done) yield* reader.pieces(first.value, wanted, optional)
    for await (const text of pieces) yield* reader.pieces(text, wanted, optional)
  }
  return { format: 'NDJSON', columns, read }
}

class Reader {
  readonly #name: string
  #line = 0

  constructor(name: string) {
    this.#name = name
  }

  /** The keys of the first event; an array has none. */
  namesOf(text: string): string[] | undefined {
    const blank = /^\s*/.exec(text)![0]
    const first = text.slice(blank.length).split('\n', 1)[0]!
    const event = this.#parsed(first, blank.split('\n').length)
    return Array.isArray(event) ? undefined : Object.keys(event)
  }

  pieces(text: string, wanted: readonly string[], optional: ReadonlySet<string>): Generator<Float64Array> {
    return pieceOf((rows, whole) => {
      for (const line of text.replace(/\n$/, '').split('\n')) {
        this.#line++
        if (line.trim() === '') continue
        this.#push(rows, line, wanted, optional)
        whole()
      }
    })
  }

  #push(rows: Growing, line: string, wanted: readonly string[], optional: ReadonlySet<string>): void {
    const event = this.#parsed(line, this.#line)
    const values = Array.isArray(event) ? event : undefined
    if (values && values.length !== wanted.length) {
      throw this.#error(this.#line, `${values.length} values, expected ${wanted.length} (${wanted.join(', ')})`)
    }
    for (const [i, name] of wanted.entries()) {
      const value = values
        ? values[i]
        : Object.hasOwn(event, name)
          ? (event as Record<string, unknown>)[name]
          : undefined
      if (typeof value === 'number') rows.push(value)
      else if (value === null || (value === undefined && optional.has(name))) rows.push(Number.NaN)
      else this.#refuse(name, value)
    }
  }

  #refuse(name: string, value: unknown): never {
    const what = value === undefined ? 'missing' : `${short(JSON.stringify(value))} is not a number`
    throw this.#error(this.#line, `${quoted(name)}: ${what}`)
  }

  #parsed(line: string, number: number): object {
    let event: unknown
    try {
      event = JSON.parse(line)
    } catch {
      throw this.#error(number, `${quoted(line.trim())} is not JSON; each line holds an event, an object or an array`)
    }
    if (typeof event === 'object' && event !== null) return event
    throw this.#error(number, `${quoted(line.trim())} is not an event, expected an object or an array`)
  }

  #error(line: number, message: string): InputError {
    return new InputError(`${this.#name}:${line}: ${message}`)
  }
}
