/** Drones of several sizes, and the smallest that is faithful enough: both by events that are held out. */

import type { Numbers } from '../engines/api.ts'
import { ConfigurationError, refuse } from '../errors.ts'
import type { Teacher } from '../model/teacher.ts'
import { answersTo } from './answers.ts'
import { type Distilled, distill } from './index.ts'
import type { DistillOptions } from './options.ts'
import { plan } from './plan.ts'

/**
 * Hidden units of the drones of a frontier.
 * @example console.log(FRONTIER)
 */
export const FRONTIER: readonly number[] = [3, 5, 8, 10, 15, 20, 30]

/** The most hidden units that are tried for an MSE. */
const MOST_UNITS = 128

/**
 * Distils a drone of each size, of one hidden layer, all from the same events; a teacher is asked once. A signal that
 * aborts ends it with the drones that are done, and the one that was interrupted.
 * @throws ConfigurationError where no events are held out, or an option does not fit
 * @example const drones = await frontier({ events, inputs: ['pt', 'eta'], teacher, holdout: 0.5 }, [5, 10, 20])
 */
export async function frontier(options: DistillOptions, sizes: readonly number[] = FRONTIER): Promise<Distilled[]> {
  if (!Array.isArray(sizes) || sizes.length === 0) refuse('sizes', sizes, 'an array of numbers of hidden units')
  const known = await answered(options, sizes)
  const drones: Distilled[] = []
  for (const units of sizes) {
    if (drones.length > 0 && options.signal?.aborted) break
    drones.push(await ofSize(known, units))
  }
  return drones
}

/**
 * The drone of the fewest hidden units, in one layer, that was found to have no larger MSE on the held-out events; where
 * none has, one of 128 hidden units. Sizes are doubled until one is large enough, and then halved in between.
 * @throws ConfigurationError where no events are held out, or an option does not fit
 * @example const { drone } = await smallest({ events, inputs: ['pt', 'eta'], teacher, holdout: 0.5 }, 1e-4)
 */
export async function smallest(options: DistillOptions, mse: number): Promise<Distilled> {
  if (!(typeof mse === 'number' && mse > 0)) refuse('mse', mse, 'a positive number')
  const known = await answered(options, [1])
  const enough = ({ fidelity, stopped }: Distilled) => fidelity.mse <= mse || stopped === 'aborted'
  let [below, units] = [0, 1]
  let best = await ofSize(known, units)
  while (!enough(best) && units < MOST_UNITS) {
    ;[below, units] = [units, 2 * units]
    best = await ofSize(known, units)
  }
  while (units - below > 1 && best.stopped !== 'aborted' && enough(best)) {
    const between = (below + units) >> 1
    const tried = await ofSize(known, between)
    if (tried.stopped === 'aborted') break
    if (enough(tried)) [units, best] = [between, tried]
    else below = between
  }
  return best
}

/** The options with the answers in place of the teacher, once all of them are checked. */
async function answered(options: DistillOptions, sizes: readonly number[]): Promise<DistillOptions> {
  const { hidden, maxHidden, parameters, layers } = options
  const size = Object.entries({ hidden, maxHidden, parameters, layers }).find(([, value]) => value !== undefined)
  if (size) throw new ConfigurationError(`${size[0]}: given, but drones of other sizes are asked for`)
  const { data, shape } = sizes.map((units) => plan(sized(options, units)))[0]!
  const { holdout } = data
  if (holdout === 0 || (typeof holdout === 'object' && holdout.length === 0)) {
    throw new ConfigurationError('holdout: none, but the size of a drone is judged by events that are held out')
  }
  const { values } = await answersTo(data, shape.outputs, options)
  const teacher = options.questions ? remembering(options.teacher!) : undefined
  return { ...options, outputs: shape.outputs, targets: values, teacher }
}

/** A teacher who is asked once: the questions of every size are the same, in the same pieces. */
function remembering(teacher: Teacher): Teacher {
  const answers: [Numbers, Float32Array][] = []
  return {
    inputs: teacher.inputs,
    outputs: teacher.outputs,
    async predictBatch(events) {
      const known = answers.find(
        ([asked]) => asked.length === events.length && asked.every((x, i) => Object.is(x, events[i])),
      )
      if (known) return known[1]
      const scores = await teacher.predictBatch(events)
      answers.push([events.slice(), scores])
      return scores
    },
  }
}

function ofSize(options: DistillOptions, units: number): Promise<Distilled> {
  return distill(sized(options, units))
}

function sized(options: DistillOptions, units: number): DistillOptions {
  return { ...options, hidden: [units], maxHidden: units }
}
