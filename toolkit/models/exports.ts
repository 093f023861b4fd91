/** What a drone can be exported as, by the endings of files. */
import { basename } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Exportable } from './exported/index.ts'
import type { Run } from './run/answers.ts'
import { runC } from './run/c.ts'
import { runFile } from './run/file.ts'
import { runModule } from './run/module.ts'
import { runWasm } from './run/wasm.ts'
import { exportC } from './write/c.ts'
import { exportJSON } from './write/json.ts'
import { exportKeras } from './write/keras/index.ts'
import { exportModule } from './write/module.ts'
import { exportONNX } from './write/onnx.ts'
import { exportWasm } from './write/wasm.ts'

export interface ExportSettings {
  /** C: what all names begin with. */
  name: string
  /** JSON: without our own part. */
  plain: boolean
}

type Content = string | Uint8Array

export interface ExportKind {
  /** As the list of kinds has it. */
  title: string
  /** What its answers are, beside the drone's. */
  answers: string
  /** How far an answer may be from the drone's when it is checked; 0 where it has the same bits. */
  tolerance: number
  write(drone: Exportable, settings: ExportSettings): Content | Promise<Content>
  /** What is checked: what was written, or what stands for it; opens it to be run here. */
  run(content: Content, drone: Exportable, settings: ExportSettings): Run | Promise<Run>
}

const SAME = 'the same bits'

/** A file of C is checked as a header, which is the same but for the word `static`. */
const c = (header: boolean): ExportKind => ({
  title: header ? 'C99 in a header, C++ too' : 'C99, C++ too',
  ...{ answers: `${SAME}, compiled with -ffp-contract=off`, tolerance: 0 },
  write: (drone, { name }) => exportC(drone, { name, header }),
  run: (_, drone, { name }) => runC(exportC(drone, { name, header: true }), name),
})

const keras = (format: 'h5' | 'keras'): ExportKind => ({
  title: format === 'h5' ? 'Keras 2, which Keras 3 and hls4ml read too' : 'Keras 3',
  ...{ answers: 'within 1e-5', tolerance: 1e-5 },
  write: (drone) => exportKeras(drone, { format }),
  run: (content) => runFile(content, `.${format}`),
})

export const EXPORTS = {
  wasm: {
    title: 'a WebAssembly module that imports nothing',
    ...{ answers: SAME, tolerance: 0 },
    write: (drone) => exportWasm(drone),
    run: (content) => runWasm(content as Uint8Array),
  },
  mjs: {
    title: 'a JavaScript module that imports nothing',
    ...{ answers: SAME, tolerance: 0 },
    write: (drone) => exportModule(drone),
    run: (content) => runModule(content as string),
  },
  c: c(false),
  h: c(true),
  onnx: {
    title: 'ONNX, opset 13',
    ...{ answers: 'within 1e-6', tolerance: 1e-6 },
    write: (drone) => exportONNX(drone),
    run: (content) => runFile(content, '.onnx'),
  },
  h5: keras('h5'),
  keras: keras('keras'),
  json: {
    title: 'JSON of lwtnn',
    ...{ answers: SAME, tolerance: 0 },
    write: (drone, { plain }) => exportJSON(drone, { plain }),
    run: (content) => runFile(content, '.json'),
  },
} satisfies Record<string, ExportKind>

export type ExportId = keyof typeof EXPORTS

export const EXPORT_ENDINGS = Object.keys(EXPORTS).map((id) => `.${id}`)

/** @throws UsageError where a file's name ends in no kind */
export function exportOf(path: string): ExportId {
  const ending = /\.(\w+)$/.exec(basename(path))?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(EXPORTS, ending)) return ending as ExportId
  throw new UsageError(`${path}: the name of an export has to end in ${EXPORT_ENDINGS.join(', ')}`)
}

/** A name in C from that of a file: letters, digits and underscores, a letter first. */
export function nameOf(path: string): string {
  const stem = basename(path).replace(/\.\w+$/, '')
  const name = stem.replace(/\W/g, '_').replace(/^_+/, '')
  if (name === '') return 'drone'
  return /^\d/.test(name) ? `drone_${name}` : name
}
