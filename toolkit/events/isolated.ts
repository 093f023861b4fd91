/** Formats that other people's libraries read: in a process of their own, whose death is one clear line. */
import { InputError } from '../errors.ts'
import { type Calls, Death, type IsolatedProcess, isolation, type Limits } from '../isolation/process.ts'
import type { Outline, TableId } from '../isolation/tables.ts'
import type { Piece } from './pieces.ts'
import type { Opened } from './read/opened.ts'
import { type Format, positions, type Reading, type Table } from './source.ts'

/** What any file may take, and more for each byte of it. */
const SECONDS = { least: 2, perByte: 1e-6 }
const BYTES = { least: 768 * 2 ** 20, perByte: 2 }

/**
 * The format, opened and read elsewhere.
 * @param id by which the other process knows it; @param title as messages name it
 */
export function isolated(format: Format, id: TableId, title: string): Format {
  return { ...format, open: (opened) => open(opened, id, title) }
}

async function open(opened: Opened, id: TableId, title: string): Promise<Table> {
  const { size } = await opened.seekable(title)
  const limits = { seconds: SECONDS.least + SECONDS.perByte * size, bytes: BYTES.least + BYTES.perByte * size }
  const reader = new Reader(opened, id, title, limits)
  const { columns, unreadable, unkept, ...table } = await reader.outline()
  const check = (wanted: readonly string[], refusals: ReadonlyMap<number, string>) => {
    const refused = positions(opened.name, columns, wanted).find((at) => refusals.has(at))
    if (refused !== undefined) throw new InputError(refusals.get(refused)!)
  }
  return {
    ...table,
    columns,
    read(wanted, reading) {
      check(wanted, unreadable)
      check(reading?.keep ?? [], unkept)
      return reader.pieces(wanted, reading)
    },
  }
}

/** A file that is read elsewhere. A process is taken for as long as it is asked, and opens the file anew. */
class Reader {
  readonly #opened: Opened
  readonly #id: TableId
  readonly #title: string
  readonly #limits: Limits

  constructor(opened: Opened, id: TableId, title: string, limits: Limits) {
    this.#opened = opened
    this.#id = id
    this.#title = title
    this.#limits = limits
  }

  async outline(): Promise<Outline> {
    const taken = isolation.take()
    try {
      return await this.#call(taken, 'outline', [this.#id, this.#path])
    } finally {
      isolation.give(taken)
    }
  }

  /** The next slice is read while one is worked with. */
  async *pieces(wanted: readonly string[], reading: Reading | undefined): AsyncGenerator<Piece> {
    const taken = isolation.take()
    const next = () => this.#call(taken, 'nextSlice', [])
    try {
      await this.#call(taken, 'readTable', [this.#id, this.#path, wanted, reading])
      for (let slice = await next(); slice.piece; ) {
        const following = next()
        // Who wants no more waits for none.
        following.catch(() => {})
        this.#opened.bytesReadElsewhere = slice.bytesRead
        yield slice.piece
        slice = await following
      }
    } finally {
      isolation.give(taken)
    }
  }

  get #path(): string {
    const { name, part } = this.#opened
    return part === undefined ? name : `${name}:${part}`
  }

  async #call<Name extends keyof Calls>(taken: IsolatedProcess, name: Name, args: Parameters<Calls[Name]>) {
    try {
      return await taken.call(name, args, this.#limits)
    } catch (error) {
      if (!(error instanceof Death)) throw error
      throw new InputError(
        `${this.#opened.name}: broken ${this.#title} data (reading it ${error.message}); is the file whole?`,
      )
    }
  }
}
