/** What a trigger gets for 50 ns: a drone, tables of answers and small boosted trees, all made from the same teacher. */
import { auc, distill, fidelity, standardised, statistics } from '../../../bindings/index.ts'
import { KerasNetwork } from '../../../toolkit/models/keras/network.ts'
import { scaled } from '../../../toolkit/scaling/scale.ts'
import { decays } from '../../../toolkit/simulation/decays/index.ts'
import { otherSeed } from '../../../toolkit/simulation/sample.ts'
import { paperTeacher } from '../../../toolkit/teachers/paper.ts'
import { train } from '../../../toolkit/teachers/train.ts'
import { median } from '../../median.ts'
import { fixed, short, spread } from '../../physics/told.ts'
import { markdown } from '../../results.ts'
import type { Contender } from './contender.ts'
import { lookup } from './lookup.ts'
import { trees } from './trees.ts'

const EVENTS = 10_000
const INPUTS = 6

/** Numbers of trees and their depth: about as long as a drone takes, half of it, and twice. */
const FORESTS = [
  [8, 3],
  [12, 4],
  [30, 4],
] as const

const ROUNDS = 31

interface Measured {
  contender: Contender
  mse: number
  auc: number
  /** An event [ns]. */
  time: number
}

export async function trigger(seeds: readonly number[]): Promise<string> {
  const all: Measured[][] = []
  for (const seed of seeds) all.push(await measured(seed))
  const rows = all[0]!.map(({ contender: { name, bytes } }, k) => {
    const of = (key: 'mse' | 'auc' | 'time', text: (value: number) => string) =>
      spread(
        all.map((one) => one[k]![key]),
        text,
      )
    return [name, bytes.toLocaleString('en'), of('mse', short), of('auc', fixed(4)), of('time', fixed(0))]
  })
  return `### What a trigger gets for 50 ns

All of the paper's teacher on decays, learnt from ${EVENTS.toLocaleString('en')} events and measured on as many others; one event at a time, in turn.
Cells without an event ask the teacher, of 4 bits the drone. Medians over ${seeds.length} seeds, the least and the greatest.

${markdown(['', 'bytes', 'MSE', 'AUC', 'ns an event'], rows)}`
}

async function measured(seed: number): Promise<Measured[]> {
  const [learning, measuring] = [decays(EVENTS, seed), decays(EVENTS, otherSeed(seed))]
  const scales = (await statistics(learning.events, INPUTS, learning.labels)).map(standardised)
  const paper = paperTeacher(INPUTS, seed)
  const training = { epochs: 40, batch: 32, learningRate: 1e-3, seed }
  await train(paper.input, paper.layers, {
    ...training,
    events: scaled(learning.events, scales),
    targets: learning.labels,
  })
  const network = KerasNetwork.sequential(paper.input, paper.layers)
  const teach = (event: ArrayLike<number>) => network.predict(scaled(event, scales))[0]!
  const ask = (events: Float32Array | Float64Array) => {
    return Float32Array.from({ length: events.length / INPUTS }, (_, n) =>
      teach(events.subarray(n * INPUTS, (n + 1) * INPUTS)),
    )
  }
  const answers = ask(learning.events)
  const lesson = { inputs: INPUTS, events: learning.events, answers }
  const { drone } = await distill({
    ...{ events: learning.events, targets: answers, outputs: ['signal'], preset: 'best', seed },
    inputs: learning.features.map((name, i) => ({ name, ...scales[i] })),
  })
  const contenders: Contender[] = [
    { name: 'the teacher', bytes: 8 * network.parameters, score: teach },
    {
      name: `drone of ${drone.parameters} parameters`,
      bytes: 4 * drone.parameters,
      score: (event) => drone.predict(event),
    },
  ]
  for (const bits of [1, 2, 3]) contenders.push(await lookup(lesson, bits, ask))
  // Of sixteen million cells most have no event: the drone answers there, who does so like the teacher in a second.
  contenders.push(await lookup(lesson, 4, (events) => drone.predictBatch(events)))
  for (const [count, depth] of FORESTS) contenders.push(trees(lesson, count, depth))
  const times = timesOf(contenders, measuring.events)
  const truth = ask(measuring.events)
  return contenders.map((contender, k) => {
    const scores = rowsOf(measuring.events).map((event) => contender.score(event))
    const area = auc(scores, measuring.labels)
    return { contender, mse: fidelity(scores, truth).mse, auc: area, time: times[k]! }
  })
}

function rowsOf(events: Float32Array | Float64Array): number[][] {
  return Array.from({ length: events.length / INPUTS }, (_, n) => [...events.subarray(n * INPUTS, (n + 1) * INPUTS)])
}

type Loop = (score: Contender['score'], rows: readonly number[][], count: number) => number
const LOOP = 'let sum = 0; for (let n = 0; n < count; n++) sum += score(rows[n]); return sum'

/** Nanoseconds an event, the median of rounds in which all take turns. */
function timesOf(contenders: readonly Contender[], events: Float64Array): number[] {
  const rows = rowsOf(events)
  const times = contenders.map((): number[] => [])
  // A loop of its own for each, so that none is called where others are called too.
  const loops = contenders.map((): Loop => new Function('score', 'rows', 'count', LOOP) as Loop)
  // The first rounds only warm up.
  for (let round = -5; round < ROUNDS; round++) {
    for (const [k, { score }] of contenders.entries()) {
      // The teacher takes a thousand times as long.
      const count = k === 0 ? 200 : rows.length
      const from = performance.now()
      const sum = loops[k]!(score, rows, count)
      const took = performance.now() - from
      if (Number.isNaN(sum)) throw new Error('a score is missing')
      if (round >= 0) times[k]!.push((took * 1e6) / count)
    }
  }
  return times.map(median)
}
