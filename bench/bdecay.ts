/** The paper's own events with the teacher's recorded answers; what scripts here and tests share. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const FEATURES = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta']

export interface Decays {
  /** [n × 6] */
  events: Float64Array
  /** 1 signal, 0 background. */
  labels: Uint8Array
  targets: Float32Array
  count: number
}

/** Where the events are: `bdecay/events.csv` in NNDRONE_DATA, by default in ../shared/data beside the checkout. */
export function decaysFile(): string {
  const data = process.env.NNDRONE_DATA ?? join(dirname(fileURLToPath(import.meta.url)), '../../shared/data')
  return join(data, 'bdecay/events.csv')
}

export function readDecays(path = decaysFile(), target = 'teacher_recorded'): Decays {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n')
  const names = header!.split(',')
  const columns = FEATURES.map((name) => names.indexOf(name))
  const [labelAt, targetAt] = [names.indexOf('label'), names.indexOf(target)]
  const count = lines.length
  const decays = {
    events: new Float64Array(count * FEATURES.length),
    labels: new Uint8Array(count),
    targets: new Float32Array(count),
    count,
  }
  for (const [n, line] of lines.entries()) {
    const cells = line.split(',').map(Number)
    for (const [i, column] of columns.entries()) decays.events[n * columns.length + i] = cells[column]!
    decays.labels[n] = cells[labelAt]!
    decays.targets[n] = cells[targetAt]!
  }
  return decays
}
