/** Scores a file beside the page, which stays at hand meanwhile. */
import { Drone } from 'nndrone'
import { Counts, referenceOf } from '../drift/index.ts'
import { Bins } from '../plots/counts/bins.ts'
import { Histogram } from '../plots/counts/histogram.ts'
import { FileFault, type Format, formatOf, pieces } from './lines.ts'
import type { FileScored, Order, Report } from './messages.ts'

/** Scores of the first output are counted in so many bins. */
const BINS = 50
/** Bytes of lines that are gathered before they are handed to the browser, which may keep them on the disk. */
const GATHERED = 1 << 22

const tell = (report: Report) => postMessage(report)

addEventListener('message', async ({ data }: MessageEvent<Order>) => {
  try {
    tell({ what: 'done', scored: await score(data) })
  } catch (error) {
    const message = error instanceof FileFault ? `${data.file.name}: ${error.message}` : String(error)
    tell({ what: 'failed', message })
  }
})

async function score({ document, file }: Order): Promise<FileScored> {
  const began = performance.now()
  const drone = await Drone.load(document)
  const counts = new Counts(referenceOf(drone.network))
  const joined = new Joined()
  let format: Format | undefined
  let histogram: Histogram | undefined
  let [events, unscored, line] = [0, 0, 1]
  const onRead = (bytes: number) => tell({ what: 'progress', bytes, events })
  for await (const all of pieces(file, onRead)) {
    let lines = all
    if (!format) {
      format = formatOf(all[0]!, drone)
      if (format.header) {
        joined.add(format.header, '\n')
        lines = all.slice(1)
        line++
      }
    }
    const { rows } = format.read(lines, line)
    const scores = drone.predictBatch(rows)
    counts.add(rows, scores)
    const firsts = scores.filter((_, i) => i % drone.outputs.length === 0)
    histogram ??= new Histogram(binsFor(firsts))
    histogram.add(firsts)
    for (const [n, one] of lines.entries()) {
      const theirs = scores.subarray(n * drone.outputs.length, (n + 1) * drone.outputs.length)
      joined.add(...format.joined(one, theirs))
      if (Number.isNaN(theirs[0]!)) unscored++
    }
    events += lines.length
    line += lines.length
  }
  if (!histogram) throw new FileFault('there are no events in it')
  const { edges } = histogram.bins
  return {
    ...{ events, unscored, seconds: (performance.now() - began) / 1000 },
    ...{ ends: [edges[0]!, edges.at(-1)!], counts: [...histogram.counts], drift: counts.measure() },
    joined: joined.blob(),
    name: file.name.replace(/(\.\w+)?$/, '-scored$1'),
  }
}

/** From 0 to 1, where all of the first scores lie there. */
function binsFor(scores: Float32Array): Bins {
  let [low, high] = [0, 1]
  for (const score of scores) {
    if (score < low) low = score
    if (score > high && score < Number.POSITIVE_INFINITY) high = score
  }
  return new Bins(low, high, BINS)
}

/** Lines that become a file. */
class Joined {
  readonly #encoder = new TextEncoder()
  #parts: Blob[] = []
  #bytes = new Uint8Array(GATHERED)
  #length = 0

  add(line: Uint8Array, end: string): void {
    const most = line.length + 3 * end.length
    if (this.#length + most > this.#bytes.length) this.#settle(most)
    this.#bytes.set(line, this.#length)
    this.#length += line.length
    this.#length += this.#encoder.encodeInto(end, this.#bytes.subarray(this.#length)).written
  }

  #settle(most: number): void {
    this.#parts.push(new Blob([this.#bytes.subarray(0, this.#length)]))
    this.#length = 0
    if (most > this.#bytes.length) this.#bytes = new Uint8Array(most)
  }

  blob(): Blob {
    this.#settle(0)
    return new Blob(this.#parts)
  }
}
