/**
 * How fast events are read, and in how much memory: `npm run bench:events [events]`. Files of 6 features are made in the
 * folder for temporary files first; each is then loaded by a process of its own.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { Random } from '../bindings/arithmetic/random.ts'
import { load, openEvents } from '../toolkit/events/index.ts'
import { markdown, publish } from './results.ts'

const FEATURES = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta']

/** Events that are written at once. */
const PIECE = 100_000

/** [PIECE × features], with the digits of measured float32 numbers. */
function someEvents(random: Random): Float64Array {
  return new Float64Array(PIECE * FEATURES.length).map(() => Math.fround(random.uniform() * 40 - 10 + random.uniform()))
}

interface Writer {
  begin?(count: number): string | Uint8Array
  piece(events: Float64Array): string | Uint8Array
  end?(): Uint8Array
}

const WRITERS: Record<string, () => Writer> = {
  csv: () => ({
    begin: () => `${FEATURES.join()}\n`,
    piece: (events) =>
      Array.from({ length: PIECE }, (_, n) => `${events.subarray(6 * n, 6 * n + 6).join()}\n`).join(''),
  }),
  npy: () => ({
    begin(count) {
      const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${count}, 6), }`.padEnd(117)
      return Buffer.concat([Buffer.from('\x93NUMPY\x01\0v\0', 'latin1'), Buffer.from(`${header}\n`)])
    },
    piece: (events) => new Uint8Array(events.buffer),
  }),
  parquet: parquetWriter,
}

function parquetWriter(): Writer {
  const writer = new ByteWriter()
  const columns = (events: Float64Array) =>
    FEATURES.map((name, i) => {
      return { name, data: Float64Array.from({ length: PIECE }, (_, n) => events[6 * n + i]!), type: 'DOUBLE' as const }
    })
  const schema = schemaFromColumnData({ columnData: columns(new Float64Array(6 * PIECE)) })
  const parquet = new ParquetWriter({ writer, schema })
  const taken = () => {
    const bytes = Uint8Array.from(writer.getBytes())
    writer.index = 0
    return bytes
  }
  return {
    piece(events) {
      parquet.write({ columnData: columns(events), rowGroupSize: PIECE })
      return taken()
    },
    end() {
      parquet.finish()
      return taken()
    },
  }
}

async function make(file: string, format: string, count: number): Promise<void> {
  const random = new Random(1)
  const { begin, piece, end } = WRITERS[format]!()
  const handle: FileHandle = await open(file, 'w')
  if (begin) await handle.writeFile(begin(count))
  for (let n = 0; n < count; n += PIECE) await handle.writeFile(piece(someEvents(random)))
  if (end) await handle.writeFile(end())
  await handle.close()
}

/** In a process of its own: loads a file and prints its figures. */
async function measure(file: string): Promise<void> {
  const began = performance.now()
  const source = await openEvents([file])
  const features = source.columns?.[0] === '0' ? ['0', '1', '2', '3', '4', '5'] : FEATURES
  const { count } = await load(source, features, [])
  const seconds = (performance.now() - began) / 1000
  const [megabytes, resident] = [source.size! / 1e6, process.resourceUsage().maxRSS / 1024]
  const figures = [count.toLocaleString('en'), megabytes, seconds, count / seconds / 1e6, megabytes / seconds, resident]
  const cells = figures.map((figure) => (typeof figure === 'string' ? figure : figure.toFixed(figure < 10 ? 2 : 0)))
  console.log(JSON.stringify([file.split('.').at(-1), ...cells]))
}

const [argument] = process.argv.slice(2)
if (argument?.startsWith('/')) {
  await measure(argument)
} else {
  const count = Math.ceil(Number(argument ?? 1e7) / PIECE) * PIECE
  const folder = mkdtempSync(join(tmpdir(), 'nndrone-events-'))
  const rows: string[][] = []
  for (const format of Object.keys(WRITERS)) {
    const file = join(folder, `events.${format}`)
    await make(file, format, count)
    const measured = ['--import', 'tsx', fileURLToPath(import.meta.url), file]
    rows.push(JSON.parse(execFileSync(process.execPath, measured, { encoding: 'utf8' })))
    rmSync(file)
  }
  rmSync(folder, { recursive: true })
  const head = ['format', 'events', 'MB', 'seconds', 'million events/s', 'MB/s', 'MiB resident']
  publish('npm run bench:events', `## Loading events of six features\n\n${markdown(head, rows)}`)
}
