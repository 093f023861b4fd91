/** Measures how events differ from those that a drone was trained with. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Drone } from 'nndrone'
import { Counts, type DriftMeasure, LIMIT, referenceOf } from '../drift/index.ts'
import { InputError, OptionError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import type { DroneModel } from '../models/index.ts'
import { inputColumns } from './columns.ts'
import type { JobOptions } from './job.ts'
import { asDroneModel } from './models.ts'

export interface DriftOptions extends JobOptions {
  drone: Drone | DroneModel
  events: EventSource
  /** Columns in the order of the drone's inputs, where they have other names. */
  features?: readonly string[]
  /** The population stability index above which an input or a score has drifted; 0.1 unless given. */
  limit?: number
}

/**
 * Compares the inputs of events and their scores with the quantiles that the drone keeps of its training. The events are
 * read once, and may be any number.
 * @throws InputError where the drone keeps no quantiles, or where there is no event
 * @example
 * const { drifted, variables } = await drift({ drone, events: await openEvents('today.csv') })
 */
export async function drift(options: DriftOptions): Promise<DriftMeasure> {
  const { events: source, features, limit = LIMIT, onProgress, onNotice, signal } = options
  if (!(limit > 0 && Number.isFinite(limit)))
    throw new OptionError('limit', 'expected a positive number', String(limit))
  const model = asDroneModel(options.drone)
  const counts = new Counts(referenceOf(model.drone.network))
  const { inputs, outputs } = counts.reference
  if (![...inputs, ...outputs].some((variable) => variable)) {
    throw new InputError(
      `${model.file.path}: keeps no quantiles of its training, with which events are compared; distil the drone again`,
    )
  }
  const columns = inputColumns(model, source, { features, beside: [], onNotice })
  for await (const { rows } of source.read(columns, { optional: 'all' })) {
    signal?.throwIfAborted()
    counts.add(rows, model.predictBatch(rows))
    onProgress?.({ stage: 'scoring', done: source.bytesRead(), total: source.size })
    await turn()
  }
  if (counts.events === 0) throw new InputError(`${source.name}: no events`)
  return counts.measure(limit)
}
