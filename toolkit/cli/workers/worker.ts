/** A worker of predict: scores parts of files, one after the other, as the command without workers would. */
import { parentPort, workerData } from 'node:worker_threads'
import { DroneError } from 'nndrone'
import { InputError } from '../../errors.ts'
import { type Kept, openPart, type Part, Where } from '../../events/index.ts'
import { scoreFormat } from '../../events/write/index.ts'
import { score } from '../../jobs/score.ts'
import { DroneModel } from '../../models/index.ts'
import type { Known, Scored, Start, Task } from './messages.ts'

const start: Start = workerData
const { features, cut, onlyPassing, missing, decimal, onError, out } = start
const model = new DroneModel(start.drone as ConstructorParameters<typeof DroneModel>[0])
const where = start.where === undefined ? undefined : new Where(start.where)

const port = parentPort!
let last: Promise<void> = Promise.resolve()
port.on('message', ({ part, known }: Task) => {
  // One after the other: the answers come in the order of the tasks.
  last = last.then(async () => {
    const scored = await scorePart(part, known)
    port.postMessage(scored, [scored.scores.buffer as ArrayBuffer])
  })
})

async function scorePart(part: Part, known: Known | undefined): Promise<Scored> {
  const faults: Kept[] = []
  const notices: string[] = []
  const pieces: Uint8Array[] = []
  const found = { begin: new Uint8Array(), count: 0, passed: undefined as number | undefined, rows: 0 }
  let settled: Known = known ?? { keep: start.keep ?? [], columns: undefined }
  let error: Scored['error']
  try {
    const onFault = (bad: Kept) => {
      faults.push(bad)
      return onError === 'null'
    }
    const choice = { missing, where, decimal, ...(onError !== 'fail' && { onFault }) }
    const { events, columns, rows } = await openPart(part, choice, known?.columns)
    const format = scoreFormat(out, part.format)
    const scores = await score({
      ...{ model, events, features, cut, onlyPassing, keep: settled.keep, whole: format.takesWhole },
      default: start.default,
      onNotice: (text) => notices.push(text),
    })
    // All columns are those of the first part, unless events go through whole.
    const whole = settled.keep.includes('all') && scores.kept.length === 0
    settled = { keep: whole ? settled.keep : scores.kept.map(({ name }) => name), columns }
    const writer = await format.writer(scores)
    found.begin = Uint8Array.from(bytesOf(writer.begin?.() ?? ''))
    try {
      for await (const piece of scores) pieces.push(Uint8Array.from(bytesOf(writer.scores(piece.scores, piece.kept))))
    } finally {
      found.count = scores.count
      found.passed = scores.passed
      found.rows = rows()
    }
  } catch (failure) {
    error = {
      message: (failure as Error).message,
      known: failure instanceof InputError || failure instanceof DroneError,
    }
  }
  return { ...found, known: settled, scores: Uint8Array.from(Buffer.concat(pieces)), faults, notices, error }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}
