/** What the JSON keeps of a run. It holds no time, host or engine: the same seed and targets give the same bytes. */
import type { Range } from '../model/domain.ts'
import type { Data } from './data.ts'
import { historyRecord, rounded } from './history.ts'
import type { MeasuredFidelity } from './measure.ts'
import type { Schedule } from './schedule.ts'
import type { InputStatistics } from './standardise.ts'
import type { Pace } from './steps/api.ts'
import type { TrainingResult } from './train.ts'

/** @param events how many were trained with */
export function trainingRecord(
  { presetName, seed }: Schedule,
  { epochs, batch, learningRate }: Pace,
  { order }: Data,
  events: number,
  { history, stopped }: TrainingResult,
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
    stopped,
    ...historyRecord(history),
  }
}

/** The range of each input that has any. */
export function domainRecord(names: readonly string[], known: readonly InputStatistics[]): Record<string, Range> {
  const ranges = names.map((name, i): [string, Range] => [name, [known[i]!.min, known[i]!.max]])
  return Object.fromEntries(ranges.filter(([, [least, greatest]]) => least <= greatest))
}

export function fidelityRecord(fidelity: MeasuredFidelity): MeasuredFidelity {
  const { mse, mseError, mae, maxError } = fidelity
  return {
    ...fidelity,
    mse: rounded(mse),
    ...(mseError !== undefined && { mseError: rounded(mseError) }),
    mae: rounded(mae),
    maxError: rounded(maxError),
  }
}
