/**
 * What a drone learns from few events, or none, and probes: `npm run bench:probes`. The paper's Keras teacher, asked about
 * the B decays; the MSE is that on the real events that were not learnt from, the median of some seeds.
 */
import { dirname, join } from 'node:path'
import { distill, fidelity, Random, standardised, statistics } from '../bindings/index.ts'
import { scaledTeacher } from '../toolkit/jobs/scaling.ts'
import { openModel } from '../toolkit/models/index.ts'
import { METHODS, probesLike } from '../toolkit/probe/index.ts'
import { decaysFile, FEATURES, readDecays } from './bdecay.ts'
import { markdown, publish } from './results.ts'

const SEEDS = [1, 2, 3]
const MANY = 10_000
const FEW = 500
const WIDTH = FEATURES.length

const { events, labels, count } = readDecays()
const scale = (await statistics(events, WIDTH, labels)).map(standardised)
const teacher = scaledTeacher(await openModel(join(dirname(decaysFile()), 'teacher.h5')), scale)
const answers = await teacher.predictBatch(events)

/** Some of the events, chosen by the seed, and the numbers of the others. */
function chosen(size: number, seed: number) {
  const order = Uint32Array.from({ length: count }, (_, n) => n)
  new Random(seed).shuffle(order)
  const rows = new Float64Array(size * WIDTH)
  for (let k = 0; k < size; k++) rows.set(events.subarray(order[k]! * WIDTH, (order[k]! + 1) * WIDTH), k * WIDTH)
  return { rows, others: order.subarray(size) }
}

/** The MSE on other events, of a drone that learnt from these; as many steps for few as for many. */
async function errorOf(learnt: Float64Array, others: Uint32Array, seed: number): Promise<number> {
  const targets = await teacher.predictBatch(learnt)
  const epochs = Math.round((600 * MANY * WIDTH) / learnt.length)
  const { drone } = await distill({ events: learnt, targets, inputs: FEATURES, epochs, seed })
  const scores = drone.predictBatch(events)
  drone.dispose()
  const pick = (all: Float32Array) => Float32Array.from(others, (n) => all[n]!)
  return fidelity(pick(scores), pick(answers)).mse
}

async function median(error: (seed: number) => Promise<number>): Promise<number> {
  const errors: number[] = []
  for (const seed of SEEDS) errors.push(await error(seed))
  return errors.sort((a, b) => a - b)[SEEDS.length >> 1]!
}

const real = (size: number) => (seed: number) => {
  const { rows, others } = chosen(size, seed)
  return errorOf(rows, others, seed)
}
const rows: [string, number][] = [
  [`${MANY.toLocaleString('en')} real events`, await median(real(MANY))],
  [`${FEW} real events`, await median(real(FEW))],
]
for (const method of METHODS) {
  const error = async (seed: number) => {
    const { rows, others } = chosen(FEW, seed)
    const { events: probes } = await probesLike(rows, FEATURES, { method, count: MANY - FEW, seed })
    return errorOf(Float64Array.from([...rows, ...probes]), others, seed)
  }
  rows.push([`${FEW} real events and ${(MANY - FEW).toLocaleString('en')} probes, ${method}`, await median(error)])
}
const [[, best]] = rows as [[string, number]]

publish(
  'npm run bench:probes',
  `## Probes

${markdown(
  ['learnt from', 'MSE', 'times that of real events'],
  rows.map(([name, mse]) => [name, mse.toExponential(2), (mse / best).toFixed(2)]),
)}`,
)
