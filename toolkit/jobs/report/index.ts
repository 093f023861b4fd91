/** Gathers what a report of a drone shows, in one reading of the events: they are counted as they pass. */
import { InputError, UsageError } from '../../errors.ts'
import { scalesFor } from '../../scaling/scaling.ts'
import { checkOutputs, checkSources, columnsOfBoth } from '../compare.ts'
import { asDroneModel, asModel } from '../models.ts'
import { checkScalable, isScaling, scaledTeacher, scaleFromDrone } from '../scaling.ts'
import type { Chunk } from './chunk.ts'
import { Counting } from './counting.ts'
import type { Report } from './numbers.ts'
import type { ReportOptions } from './options.ts'
import { chunks, joined } from './reading.ts'
import type { Setting } from './setting.ts'

/** The first events choose the bins: so many, or fewer that are wide. */
const FIRST = { events: 1 << 16, numbers: 1 << 22 }

/**
 * Gathers a report: what the drone is, what the events look like to it, and how faithfully it answers. Memory does not
 * grow with the events, but for the scores of labelled ones.
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file or an answer
 * @example
 * const { html } = reportFiles(await report({ drone, teacher, events: await openEvents('test.csv'), label: 'label' }))
 */
export async function report(options: ReportOptions): Promise<Report> {
  const { events } = options
  try {
    return await gathered(prepared(options))
  } finally {
    await events.close()
  }
}

function prepared(options: ReportOptions): Setting {
  const { target = [], label, features, by } = options
  if (by && options.teacher === undefined && target.length === 0) {
    throw new UsageError('`by` needs a teacher, or the column of its answers with `target`')
  }
  checkSources(options, options.teacher !== undefined)
  const drone = asDroneModel(options.drone)
  const teacher = options.teacher && asModel(options.teacher)
  checkScalable(teacher, options.scaleFrom)
  checkOutputs(drone, teacher, options)
  const from = scaleFromDrone(teacher, drone, options.scaleFrom, options)
  const scaleFrom = isScaling(from) ? from : undefined
  const beside = [...target, label].filter((column) => column !== undefined)
  const { own, others } = columnsOfBoth(drone, teacher, { ...options, scaleFrom }, beside)
  const scales = scaleFrom && scalesFor(scaleFrom, others, features !== undefined)
  const columns = [...new Set([...own, ...others])]
  const sliced = options.by ? [options.by.column] : []
  const read = [...new Set([...columns, ...beside, ...sliced])]
  const asked = teacher && scaledTeacher(teacher, scales, options)
  return { ...options, drone, teacher, scaleFrom, asked, columns, own, theirs: others, read }
}

async function gathered(setting: Setting): Promise<Report> {
  const { events, columns } = setting
  const held: Chunk[] = []
  let counting: Counting | undefined
  let count = 0
  for await (const chunk of chunks(setting)) {
    count += chunk.count
    if (counting) counting.add(chunk)
    else held.push(chunk)
    if (!counting && (count >= FIRST.events || count * columns.length >= FIRST.numbers)) {
      counting = new Counting(setting, joined(setting, held.splice(0)))
    }
  }
  if (count === 0) throw new InputError(`${events.name}: no events`)
  counting ??= new Counting(setting, joined(setting, held))
  return counting.result()
}
