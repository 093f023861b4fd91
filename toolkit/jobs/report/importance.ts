/** How much the scores change on average when the values of one input are exchanged among the events at random. */
import { Random } from 'nndrone'
import type { Model } from '../../models/index.ts'
import { askInPieces } from '../ask.ts'
import { project } from '../tables.ts'
import type { Change, Importance } from './numbers.ts'
import type { Setting } from './setting.ts'

/** A model, and the columns that it sees. */
interface Side {
  model: Pick<Model, 'inputs' | 'outputs' | 'predictBatch'>
  sees: readonly string[]
}

/** @param rows [n × columns] */
export async function importanceOf(setting: Setting, rows: Float64Array): Promise<Importance> {
  const { columns, own, theirs, drone, asked, seed = 1, onProgress, signal } = setting
  const ask = ({ model, sees }: Side, rows: Float64Array) => {
    return askInPieces(model, project(rows, columns, sees), { signal })
  }
  const [ours, other] = [{ model: drone, sees: own }, asked && { model: asked, sees: theirs }]
  const [before, otherBefore] = [await ask(ours, rows), other && (await ask(other, rows))]
  const inputs: Importance['inputs'][number][] = []
  for (const [i, name] of columns.entries()) {
    onProgress?.({ stage: 'asking', done: i, total: columns.length })
    const exchanged = withExchanged(rows, columns.length, i, new Random(seed + i))
    const changed = async (side: Side | undefined, before: Float32Array | undefined) => {
      return side?.sees.includes(name)
        ? change(await ask(side, exchanged), before!, side.model.outputs.length)
        : undefined
    }
    inputs.push({ name, drone: await changed(ours, before), teacher: await changed(other, otherBefore) })
  }
  return { events: rows.length / columns.length, inputs }
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
function change(after: Float32Array, before: Float32Array, outputs: number): Change {
  const count = before.length / outputs
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
