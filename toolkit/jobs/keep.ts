/** The columns that go along with the scores. */
import { InputError, OptionError } from '../errors.ts'
import { type EventSource, type Kept, type Piece, quoted, type Reading } from '../events/index.ts'
import type { KeptColumn } from '../events/write/index.ts'

/** Stands for every column, and for the row's number in the input. */
export const ALL = 'all'
export const ROW = 'row'

export class Keeping {
  /** In the order in which they are written. */
  readonly columns: readonly KeptColumn[]
  /** How the events are read. */
  readonly reading: Pick<Reading, 'keep' | 'whole'>
  /** Where the row's number stands among the columns, −1 where it is not wanted. */
  readonly #row: number

  /**
   * @param names as the option has them
   * @param outputs of the model
   * @param takesWhole whether whole events may go along instead of their columns
   */
  constructor(names: readonly string[], source: EventSource, outputs: readonly string[], takesWhole: boolean) {
    const all = names.includes(ALL)
    const columns = [...new Set(names.flatMap((name) => (name === ALL ? allColumns(source, takesWhole) : [name])))]
    if (names.includes(ROW)) checkRow(source)
    checkOutputs(columns, outputs, all)
    this.#row = names.includes(ROW) ? columns.indexOf(ROW) : -1
    this.columns = columns.map((name, i) => {
      return { name, type: i === this.#row ? 'integer' : source.cellTypes?.get(name) }
    })
    const whole = all && takesWhole ? { taken: this.#row < 0 ? outputs : [...outputs, ROW] } : undefined
    this.reading = { keep: columns.filter((_, i) => i !== this.#row), whole }
  }

  /** Pieces with the cells of all columns. */
  async *completedAll(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    for await (const { rows, kept } of pieces) yield { rows, kept: kept?.map((one) => this.#completed(one)) }
  }

  #completed(one: Kept): Kept {
    const cells = this.reading.keep!.map((_, i) => one.cells[i])
    if (this.#row >= 0) cells.splice(this.#row, 0, String(one.row))
    return { ...one, cells }
  }
}

function allColumns(source: EventSource, takesWhole: boolean): readonly string[] {
  // Events that go through whole need no names.
  if (!source.columns && takesWhole) return []
  if (!source.columns)
    throw new InputError(`${source.name}: the events carry no names, so \`keep\` all can go to NDJSON only`)
  if (source.columns.filter((name) => name === '').length < 2) return source.columns
  throw new InputError(`${source.name}: two columns have no name; name those to keep, as in \`keep\` run,event`)
}

function checkRow({ name, columns }: EventSource): void {
  if (!columns?.includes(ROW)) return
  throw new OptionError(
    'keep',
    `would be the number of the row, but ${name} has a column "row"; rename that first`,
    ROW,
  )
}

/** @throws OptionError where a column to keep has the name of a score */
export function checkOutputs(columns: readonly string[], outputs: readonly string[], all: boolean): void {
  const twice = columns.find((name) => outputs.includes(name))
  if (twice === undefined) return
  const others = columns.filter((name) => !outputs.includes(name))
  const hint =
    all && others.length > 0 ? `name the others, as in \`keep\` ${others.slice(0, 3).join(',')}` : 'leave it out'
  throw new OptionError('keep', `${quoted(twice)} is also the name of a score; rename that column, or ${hint}`)
}
