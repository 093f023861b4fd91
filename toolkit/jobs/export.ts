/** Exports a drone, and checks what was made where it can be run. */
import type { Drone } from 'nndrone'
import type { EventSource } from '../events/index.ts'
import { EXPORTS, type ExportId, type ExportKind } from '../models/exports.ts'
import type { DroneModel } from '../models/index.ts'
import { NotHere, type Run } from '../models/run/answers.ts'
import { inputColumns } from './columns.ts'
import type { JobOptions } from './job.ts'
import { asDroneModel } from './models.ts'
import { readEvents } from './read.ts'

export interface ExportOptions extends JobOptions {
  drone: Drone | DroneModel
  /** What it becomes. */
  kind: ExportId
  /** C: what all names begin with; `drone` unless given. */
  name?: string
  /** JSON: without our own part. */
  plain?: boolean
  /** Events that what was made is asked about, beside the drone. */
  check?: EventSource
  /** Columns in the order of the drone's inputs, where the events have other names. */
  features?: readonly string[]
}

/** How what was made answers, beside the drone. */
export interface ExportCheck {
  /** How many events both were asked about. */
  events: number
  /** How many of them have the same bits in every output. */
  same: number
  /** The largest difference of two answers; NaN where one of them is NaN and the other is not. */
  maxError: number
  /** How large it may be, of the largest answer where that is more than 1; 0 where all bits have to be the same. */
  tolerance: number
  passed: boolean
}

export interface ExportResult {
  /** The text or the bytes of the file. */
  content: string | Uint8Array
  /** Undefined where no events were given, or it cannot be run here. */
  check?: ExportCheck
  /** Why it cannot be run here. */
  notChecked?: string
}

/**
 * Exports a drone to another language or format.
 * @throws InputError that names what of the drone the format cannot hold; OptionError on a wrong option
 * @example
 * const { content, check } = await exportDrone({ drone, kind: 'wasm', check: await openEvents('test.csv') })
 */
export async function exportDrone(options: ExportOptions): Promise<ExportResult> {
  const { drone, kind, name = 'drone', plain = false, check } = options
  const settings = { name, plain }
  const exporter: ExportKind = EXPORTS[kind]
  const content = await exporter.write(drone, settings)
  if (!check) return { content }
  try {
    const run = await exporter.run(content, drone, settings)
    return { content, check: await checked(run, check, exporter.tolerance, options) }
  } catch (error) {
    if (error instanceof NotHere) return { content, notChecked: error.message }
    throw error
  }
}

async function checked(run: Run, source: EventSource, tolerance: number, options: ExportOptions): Promise<ExportCheck> {
  const { features, onNotice } = options
  const model = asDroneModel(options.drone)
  const columns = inputColumns(model, source, { features, beside: [], onNotice })
  const { events, count } = await readEvents(source, columns, [], options, { optional: 'all' })
  const expected = model.predictBatch(events)
  const found = await run(events)
  const outputs = model.outputs.length
  let [same, maxError] = [0, 0]
  for (let n = 0; n < count; n++) {
    let differing = 0
    for (let i = n * outputs; i < (n + 1) * outputs; i++) {
      if (Object.is(expected[i], found[i])) continue
      differing++
      const error = Math.abs(expected[i]! - found[i]!)
      // Once NaN, it stays NaN.
      if (!(error <= maxError)) maxError = error
    }
    same += Number(differing === 0)
  }
  const largest = expected.reduce((most, answer) => (Math.abs(answer) > most ? Math.abs(answer) : most), 1)
  const passed = tolerance === 0 ? same === count : maxError <= tolerance * largest
  return { events: count, same, maxError, tolerance, passed }
}
