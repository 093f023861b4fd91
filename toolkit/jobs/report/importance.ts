/** How much the scores change on average when the values of one input are exchanged among the events at random. */
import { Random } from 'nndrone'

export interface Importance {
  /** Events that it was measured on. */
  events: number
  inputs: readonly { name: string; drone: Change | undefined; teacher: Change | undefined }[]
}

export interface Change {
  /** Mean size of the change of a score. */
  mean: number
  /** Of that mean. */
  error: number
}

/** What is asked about rows of the sample, and the columns that it sees. */
export interface Side {
  sees: readonly string[]
  /** @param rows [n × columns] */
  ask(rows: Float64Array): Promise<Float32Array>
}

export interface ImportanceOptions {
  columns: readonly string[]
  /** [n × columns] */
  rows: Float64Array
  drone: Side
  teacher: Side | undefined
  seed: number
  /** Called before each column. */
  onColumn(done: number): void
}

export async function importance(options: ImportanceOptions): Promise<Importance> {
  const { columns, rows, drone, teacher, seed, onColumn } = options
  const count = rows.length / columns.length
  const [own, theirs] = [await drone.ask(rows), await teacher?.ask(rows)]
  const inputs: Importance['inputs'][number][] = []
  for (const [i, name] of columns.entries()) {
    onColumn(i)
    const exchanged = withExchanged(rows, columns.length, i, new Random(seed + i))
    const changeOf = async (side: Side | undefined, before: Float32Array | undefined) => {
      return side?.sees.includes(name) ? change(await side.ask(exchanged), before!, count) : undefined
    }
    inputs.push({ name, drone: await changeOf(drone, own), teacher: await changeOf(teacher, theirs) })
  }
  return { events: count, inputs }
}

function withExchanged(rows: Float64Array, width: number, column: number, random: Random): Float64Array {
  const count = rows.length / width
  const order = Uint32Array.from({ length: count }, (_, n) => n)
  random.shuffle(order)
  const exchanged = rows.slice()
  for (let n = 0; n < count; n++) exchanged[n * width + column] = rows[order[n]! * width + column]!
  return exchanged
}

/** Of the events that have scores before and after; the mean over several outputs. */
function change(after: Float32Array, before: Float32Array, count: number): Change {
  const outputs = before.length / count
  let [events, sum, squares] = [0, 0, 0]
  for (let n = 0; n < count; n++) {
    let size = 0
    for (let i = n * outputs; i < (n + 1) * outputs; i++) size += Math.abs(after[i]! - before[i]!) / outputs
    if (!Number.isFinite(size)) continue
    events++
    sum += size
    squares += size * size
  }
  const mean = sum / events
  return { mean, error: Math.sqrt(Math.max(0, squares / events - mean * mean) / events) }
}
