/** Cuts on a drone's score: where one lies that keeps so much signal, or rejects so much background, and what passes. */
import { atEfficiency, atRejection, type Cuts, comparedBy, EvaluationError, type WorkingPoint } from 'nndrone'
import { OptionError, UsageError } from '../errors.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { counted, listed, quoted, suggested } from '../text.ts'

/** What a cut is to do: one of the two. */
export interface CutGoal {
  /** The fraction of the signal that passes at least, 0 to 1. */
  efficiency?: number
  /** The fraction of the background that is rejected at least, 0 to 1. */
  rejection?: number
}

export const GOALS = ['efficiency', 'rejection'] as const

/** @throws UsageError where there is no label, or more than one goal */
export function checkGoal({ efficiency, rejection }: CutGoal, label: string | undefined): void {
  if (efficiency !== undefined && rejection !== undefined) {
    throw new UsageError('`efficiency` cannot be combined with `rejection`; a cut has only one of them')
  }
  if (label !== undefined) return
  const option = GOALS.find((goal) => ({ efficiency, rejection })[goal] !== undefined)
  if (option) throw new UsageError(`\`${option}\` needs \`label\`, which tells signal from background`)
}

/**
 * The cut that reaches a goal on these events: the tightest of that efficiency, or the loosest of that rejection. An event
 * whose score is NaN passes no cut, and counts as one that does not pass.
 * @throws OptionError where no cut does
 */
export function cutFor(
  scores: Float32Array,
  labels: Float64Array,
  { efficiency, rejection }: CutGoal,
): WorkingPoint | undefined {
  if (efficiency === undefined && rejection === undefined) return undefined
  const ranked = scores.map((score) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score))
  const point =
    efficiency === undefined ? byRejection(ranked, labels, rejection!) : atEfficiency(ranked, labels, efficiency)
  if (Number.isFinite(point.threshold)) return point
  const unscored = scores.reduce((count, score) => count + Number(!Number.isFinite(score)), 0)
  const reason = `no cut does this: ${counted(unscored, 'event')} of ${scores.length} ${unscored === 1 ? 'has' : 'have'} no finite score`
  throw new OptionError(efficiency === undefined ? 'rejection' : 'efficiency', reason, String(efficiency ?? rejection))
}

/** The same, or undefined where no cut does it. */
export function possibleCutFor(scores: Float32Array, labels: Float64Array, goal: CutGoal): WorkingPoint | undefined {
  try {
    return cutFor(scores, labels, goal)
  } catch (error) {
    if (error instanceof OptionError) return undefined
    throw error
  }
}

function byRejection(scores: Float32Array, labels: Float64Array, rejection: number): WorkingPoint {
  try {
    return atRejection(scores, labels, rejection)
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    throw new OptionError('rejection', 'no cut that lets an event pass rejects so much', String(rejection))
  }
}

/** A cut of a drone, with its name. */
export type KnownCut = Cuts[string] & { name: string }

/** @throws OptionError where the model has no cut of this name */
export function cutOf(model: Model, name: string): KnownCut {
  // Models of other kinds have no cuts.
  const { drone } = model as Partial<DroneModel>
  if (!drone) throw new OptionError('cut', `${model.file.path} is no drone, and only a drone keeps cuts`, name)
  const { cuts, outputs } = drone
  if (!Object.hasOwn(cuts, name)) {
    const known = Object.keys(cuts)
    const there = known.length > 0 ? `there are ${listed(known)}` : 'it has none; `saveCut` of compare makes one'
    throw new OptionError('cut', `${model.file.path} has no cut of this name${suggested(name, known)}; ${there}`, name)
  }
  if (outputs.includes(name)) {
    throw new OptionError('cut', `is also the name of a score; save the cut by another name`, quoted(name))
  }
  return { ...cuts[name]!, name }
}

/** Which events pass, 1 or 0; NaN never does. @param scores [events × outputs] */
export function passing(scores: Float32Array, outputs: readonly string[], cut: KnownCut): Uint8Array {
  const width = outputs.length
  return Uint8Array.from({ length: scores.length / width }, (_, n) => {
    return Number(comparedBy(cut, scores, n * width, outputs) >= cut.threshold)
  })
}

/** The scores with one output more: whether each event passes. */
export function withPassing(scores: Float32Array, outputs: number, passes: Uint8Array): Float32Array {
  const wider = new Float32Array(scores.length + passes.length)
  for (const [n, pass] of passes.entries()) {
    wider.set(scores.subarray(n * outputs, (n + 1) * outputs), n * (outputs + 1))
    wider[n * (outputs + 1) + outputs] = pass
  }
  return wider
}
