/** Columns that are computed of others: where there is no column `log(x)`, it is the logarithm of the column `x`. */
import jsep from 'jsep'
import { OptionError } from '../errors.ts'
import { type Numeric, numeric } from './expression.ts'
import type { Piece } from './pieces.ts'
import type { EventSource } from './source.ts'

/** A source that also has every column whose name is an expression over its own. */
export function derived(source: EventSource): EventSource {
  const { columns } = source
  if (!columns) return source
  return {
    ...source,
    read(wanted, reading) {
      const formulas = wanted.map((name) => (columns.includes(name) ? undefined : formula(name, columns)))
      if (formulas.every((one) => one === undefined)) return source.read(wanted, reading)
      const plain = wanted.filter((_, i) => !formulas[i])
      const read = [...new Set([...plain, ...formulas.flatMap((one) => one?.columns ?? [])])]
      const values = formulas.map((one, i) => one?.bind(read) ?? columnAt(read.indexOf(wanted[i]!)))
      return computed(source.read(read, reading), read.length, values)
    },
  }
}

interface Formula {
  columns: readonly string[]
  bind(read: readonly string[]): Numeric
}

/** What a name means as an expression over columns that are there; undefined where it means none. */
function formula(name: string, there: readonly string[]): Formula | undefined {
  const fail = (message: string) => new OptionError('column', message, name)
  const bind = (place: (column: string) => number) => numeric(jsep(name), place, { text: name, fail })
  try {
    const columns = new Set<string>()
    bind((column) => columns.add(column).size)
    const known = columns.size > 0 && [...columns].every((column) => there.includes(column))
    return known ? { columns: [...columns], bind: (read) => bind((column) => read.indexOf(column)) } : undefined
  } catch {
    // It is the name of a column that is missing, then.
    return undefined
  }
}

function columnAt(i: number): Numeric {
  return (rows, at) => rows[at + i]!
}

async function* computed(pieces: AsyncIterable<Piece>, width: number, values: readonly Numeric[]) {
  for await (const { rows, kept } of pieces) {
    const made = new Float64Array((rows.length / width) * values.length)
    for (let n = 0; n < rows.length / width; n++) {
      for (const [i, value] of values.entries()) made[n * values.length + i] = value(rows, n * width)
    }
    yield { rows: made, kept }
  }
}
