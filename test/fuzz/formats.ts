/** What is damaged: valid files of every format, and how a user has them read. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Drone, formatJSON } from '../../bindings/index.ts'
import { explained } from '../../toolkit/errors.ts'
import { type EventSource, load, openEvents } from '../../toolkit/events/index.ts'
import { openModel } from '../../toolkit/models/index.ts'
import { dataFile, randomNetwork, root, seeded } from '../support.ts'

export interface FuzzedFormat {
  /** Valid files. */
  files: () => Buffer[]
  /** Reads a file whole. */
  read(path: string): Promise<void>
}

const events = (name: string) => readFileSync(join(root, 'test/toolkit/events/fixtures', name))
const model = (name: string) => readFileSync(join(root, 'test/toolkit/models', name))

/** Files that only a folder beside the project has. */
const ofData = (...names: string[]) =>
  names
    .map(dataFile)
    .filter(existsSync)
    .map((path) => readFileSync(path))

const ROWS = Array.from({ length: 20 }, (_, n) => [n, n / 8, n % 2])

const CSV = `a,b,"label"\n${ROWS.map((row) => row.join(',')).join('\n')}\n"1","nan",inf\n`
const NDJSON = ROWS.map(([a, b, label]) => `${JSON.stringify({ a, b, label })}\n`).join('')

function drone(): Buffer {
  const network = randomNetwork(seeded(1), { widths: [2, 5, 1] })
  return Buffer.from(formatJSON(Drone.from(network)))
}

function lwtnn(): Buffer[] {
  const golden: { network: unknown }[] = JSON.parse(model('fixtures/lwtnn/golden.json').toString())
  return golden.slice(0, 6).map(({ network }) => Buffer.from(JSON.stringify(network)))
}

export const FORMATS: Readonly<Record<string, FuzzedFormat>> = {
  csv: { files: () => [Buffer.from(CSV), Buffer.from(CSV.replaceAll(',', ';'))], read: readEvents },
  ndjson: { files: () => [Buffer.from(NDJSON)], read: readEvents },
  'json array': { files: () => [Buffer.from(`[${NDJSON.trim().replaceAll('\n', ',\n')}]`)], read: readEvents },
  gzip: { files: () => [gzipSync(CSV), gzipSync(events('rows.npy'))], read: readEvents },
  npy: { files: () => ['rows.npy', 'fortran.npy', 'records.npy'].map(events), read: readEvents },
  npz: { files: () => ['columns.npz', 'packed.npz'].map(events), read: readEvents },
  arrow: { files: () => ['file', 'stream', 'lz4', 'zstd'].map((name) => events(`${name}.arrow`)), read: readEvents },
  parquet: {
    files: () =>
      ['uncompressed', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4-raw'].map((name) => events(`${name}.parquet`)),
    read: readEvents,
  },
  root: { files: () => ofData('root/uproot-HZZ.root'), read: readEvents },
  keras: {
    files: () => [model('read/keras/files/3.15.1-chain.keras'), model('read/keras/files/2.2.4-chain.h5')],
    read: readModel,
  },
  xgboost: {
    files: () => ['logistic.json', 'logistic.ubj', 'softprob.ubj'].map((name) => model(`fixtures/xgboost/${name}`)),
    read: readModel,
  },
  lightgbm: {
    files: () => ['binary', 'multiclass'].map((name) => model(`fixtures/lightgbm/${name}.txt`)),
    read: readModel,
  },
  tmva: {
    files: () => ['gradient', 'mlp'].map((name) => model(`fixtures/tmva/${name}.weights.xml`)),
    read: readModel,
  },
  lwtnn: { files: lwtnn, read: readModel },
  onnx: { files: () => ['three', 'two', 'heads'].map((name) => model(`fixtures/onnx/${name}.onnx`)), read: readModel },
  drone: { files: () => [drone()], read: readModel },
}

/** All columns that can be read, as numbers, of the first table that there is. */
async function readEvents(path: string): Promise<void> {
  const source = await openEvents([path])
  try {
    const columns = source.columns ?? ['a', 'b']
    const read = columns.slice(0, 40).filter((name) => isRead(source, name))
    if (read.length > 0) await load(source, read.slice(0, 8), [], { keep: read.slice(0, 2) })
  } finally {
    await source.close()
  }
}

/** Columns are refused at once, before the first piece is asked for. */
function isRead(source: EventSource, name: string): boolean {
  try {
    source.read([name], { keep: [name] })
    return true
  } catch (error) {
    if (explained(error) === undefined) throw error
    return false
  }
}

/** Opens a model, has it described, and asks it for three answers. */
async function readModel(path: string): Promise<void> {
  const model = await openModel(path)
  JSON.stringify(model.describe())
  await model.predictBatch(Float64Array.from({ length: 3 * model.inputs.length }, (_, i) => i / 7))
  await model.close?.()
}
