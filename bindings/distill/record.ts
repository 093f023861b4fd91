/** What the JSON keeps of a run. It holds no time, host or engine: the same seed and targets give the same bytes. */
import type { Range } from '../model/domain.ts'
import type { Data } from './data.ts'
import { historyRecord, rounded } from './history.ts'
import type { MeasuredFidelity } from './measure.ts'
import type { Questions } from './questions/index.ts'
import type { TrainingResult } from './run.ts'
import type { Schedule } from './schedule.ts'
import type { InputStatistics } from './standardise.ts'
import type { Pace } from './steps/api.ts'

/** @param events how many were trained with */
export function trainingRecord(
  { presetName, seed }: Schedule,
  { epochs, batch, learningRate }: Pace,
  { order }: Data,
  events: number,
  { history, stopped }: TrainingResult,
  questions: Questions | undefined,
) {
  return {
    preset: presetName,
    seed,
    epochs: history.length,
    epochsAsked: epochs,
    batchSize: batch,
    learningRate,
    order,
    events,
    ...(questions && { questions }),
    stopped,
    ...historyRecord(history),
  }
}

/** The range of each input that has any. */
export function domainRecord(names: readonly string[], known: readonly InputStatistics[]): Record<string, Range> {
  const ranges = names.map((name, i): [string, Range] => [name, [known[i]!.min, known[i]!.max]])
  return Object.fromEntries(ranges.filter(([, [least, greatest]]) => least <= greatest))
}

/** With seven digits of each number. */
export function fidelityRecord(fidelity: MeasuredFidelity): MeasuredFidelity {
  const short = (value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? rounded(value) : value)
  return JSON.parse(JSON.stringify(fidelity), (_, value) => short(value))
}
