/** Formats that other people's libraries read: in a process of their own, whose death is one clear line. */
import { InputError } from '../errors.ts'
import type { Outline, Slice } from '../isolation/calls.ts'
import { type IsolatedProcess, isolation, type Limits } from '../isolation/process.ts'
import type { Opened } from './opened.ts'
import { type Format, positions, type Table } from './source.ts'

/** What any file may take, and more for each byte of it. */
const SECONDS = { least: 3, perByte: 1e-6 }
const BYTES = { least: 768 * 2 ** 20, perByte: 2 }

/**
 * The format, opened and read elsewhere.
 * @param id by which the other process knows it; @param title as messages name it
 */
export function isolated(format: Format, id: string, title: string): Format {
  return { ...format, open: (opened) => open(opened, id, title) }
}

async function open(opened: Opened, id: string, title: string): Promise<Table> {
  const { size } = await opened.seekable(title)
  const reader = new Reader(opened, title, {
    seconds: SECONDS.least + SECONDS.perByte * size,
    bytes: BYTES.least + BYTES.perByte * size,
  })
  const { name, part } = opened
  const outline = (await reader.call('openTable', id, part === undefined ? name : `${name}:${part}`)) as Outline
  return {
    ...outline,
    read(wanted, optional) {
      positions(name, outline.columns!, wanted)
      const refusal = wanted.map((column) => outline.unreadable?.get(column)).find((text) => text !== undefined)
      if (refusal !== undefined) throw new InputError(refusal)
      return reader.pieces(wanted, optional)
    },
  }
}

/** Another process, as long as it holds the file. */
class Reader {
  readonly #opened: Opened
  readonly #title: string
  readonly #limits: Limits
  readonly #process: IsolatedProcess = isolation.take()

  constructor(opened: Opened, title: string, limits: Limits) {
    this.#opened = opened
    this.#title = title
    this.#limits = limits
    opened.closed = () => isolation.give(this.#process)
  }

  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#process.call(name, args, this.#limits)
    } catch (error) {
      if (error instanceof InputError) throw error
      throw new InputError(
        `${this.#opened.name}: broken ${this.#title} data (${(error as Error).message}); is the file whole?`,
      )
    }
  }

  /** The next slice is read while one is worked with. */
  async *pieces(wanted: readonly string[], optional?: ReadonlySet<string>): AsyncGenerator<Float64Array> {
    try {
      await this.call('readTable', wanted, optional)
      const next = () => this.call('nextSlice') as Promise<Slice>
      for (let slice = await next(); slice.rows; ) {
        const following = next()
        // Who wants no more waits for none.
        following.catch(() => {})
        this.#opened.bytesReadElsewhere = slice.bytesRead
        yield slice.rows
        slice = await following
      }
    } finally {
      await this.#opened.close()
    }
  }
}
