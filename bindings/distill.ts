/** Distillation: questions a teacher, and trains a drone that grows until it answers alike. */

import { domainRecord } from './domain.ts'
import { Drone } from './drone.ts'
import { type LearningEngine, loadEngine, type Numbers } from './engine.ts'
import { loadLearning } from './engines/learning.ts'
import { type Epoch, historyRecord, rounded, type Stopped } from './history.ts'
import { type Fidelity, FidelitySum } from './metrics.ts'
import { checkNetwork, type Input, type Network } from './network.ts'
import { type DistillOptions, type Plan, plan } from './plan.ts'
import { targetsOf } from './question.ts'
import { Random, shuffleInTurns } from './random.ts'
import { type InputStatistics, robustStatistics, standardised, statistics } from './standardise.ts'
import { initialLayers } from './start.ts'
import { answering, scaledTargets, targeting, targetScale } from './targets.ts'
import { type Trained, train } from './train.ts'
import { PIECE, Turns } from './turns.ts'

/** Any trained classifier. A Drone is one. */
export interface Teacher {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Answers events [n × inputs] with [n × outputs]. */
  predictBatch(events: Numbers): Float32Array | Promise<Float32Array>
}

/** How faithful the drone is, on the held-out events if there are any, else on those that it was trained with. */
export interface MeasuredFidelity extends Fidelity {
  heldOut: boolean
}

export interface Distilled {
  drone: Drone
  history: Epoch[]
  stopped: Stopped
  fidelity: MeasuredFidelity
  /** The numbers of the events that were held out. */
  heldOut: Uint32Array
}

/**
 * Trains a drone to answer as the teacher does. It gives the event loop a turn every few milliseconds.
 * @throws ConfigurationError on an option that does not fit, EvaluationError on an answer that cannot be learnt, both
 * before anything is trained
 */
export async function distill(options: DistillOptions): Promise<Distilled> {
  const asked = plan(options)
  const engine = typeof asked.engine === 'object' ? asked.engine : await loadEngine(asked.engine)
  const learning = await loadLearning(engine)
  const random = new Random(asked.seed)
  const { training, heldOut } = await divided(asked, random)
  const rows = await mask(training, asked.count)
  const known = await statistics(asked.events, asked.names.length, rows)
  const robust = asked.scaling === 'quantiles' ? await robustStatistics(asked.events, asked.names.length, rows) : known
  const all = await statistics(asked.events, asked.names.length)
  const network = {
    inputs: robust.map((input, i) => chosenInput(asked, i, input, all[i]!.missing > 0)),
    layers: asked.layers ?? initialLayers(asked, random),
    outputs: asked.outputs,
  }
  checkNetwork(network)
  const answers = await targetsOf(asked)
  const { layers, history, stopped } = await learnt(asked, learning, network, training, rows, answers, random)
  const measured = await Drone.load({ ...network, layers }, { engine })
  const fidelity = await measure(measured, asked, answers, training, heldOut)
  measured.dispose()
  const nndrone = record(asked, known, { layers, history, stopped }, fidelity)
  const drone = Drone.from({ ...network, layers, nndrone }, { engine })
  return { drone, history, stopped, heldOut, fidelity }
}

/** Trains on the answers, or, where the outputs are linear, on what they are beside their mean and deviation. */
async function learnt(
  asked: Plan,
  engine: LearningEngine,
  network: Network,
  training: Uint32Array,
  rows: Uint8Array,
  answers: Float32Array,
  random: Random,
): Promise<Trained> {
  if (asked.outputActivation !== 'linear') return train(asked, engine, network, training, answers, random)
  const scale = await targetScale(answers, asked.outputs.length, rows)
  const layers = asked.layers ? targeting(network.layers, scale) : network.layers
  const targets = await scaledTargets(answers, scale)
  const trained = await train(asked, engine, { ...network, layers }, training, targets, random)
  return { ...trained, layers: answering(trained.layers, scale) }
}

/** The numbers of the events to train with, in the order of a visit, and of those that are held out. */
async function divided({ count, trained, holdout, order }: Plan, random: Random) {
  const fixed = typeof holdout === 'number' ? undefined : holdout
  const out = await mask(fixed ?? new Uint32Array(), count)
  const all = new Uint32Array(fixed ? trained : count)
  const turns = new Turns()
  let length = 0
  await turns.pieces(count, PIECE, (from, to) => {
    for (let n = from; n < to; n++) if (!out[n]) all[length++] = n
  })
  if (order === 'shuffled') await shuffleInTurns(() => all, random, turns)
  return { training: all.subarray(0, trained), heldOut: fixed ?? all.slice(trained) }
}

async function mask(chosen: Uint32Array, count: number): Promise<Uint8Array> {
  const rows = new Uint8Array(count)
  await new Turns().pieces(chosen.length, PIECE, (from, to) => {
    for (let n = from; n < to; n++) rows[chosen[n]!] = 1
  })
  return rows
}

/** What is not given is learnt from the events: standardisation, and what values become where some are missing. */
function chosenInput({ inputs, names }: Plan, i: number, known: InputStatistics, missing: boolean): Input {
  const given = inputs[i]!
  const learnt = { name: names[i]!, ...standardised(known), ...(missing && { default: known.mean }) }
  return typeof given === 'string' ? learnt : { ...learnt, ...given }
}

async function measure(
  drone: Drone,
  { events, names }: Plan,
  targets: Float32Array,
  training: Uint32Array,
  heldOut: Uint32Array,
): Promise<MeasuredFidelity> {
  const chosen = heldOut.length > 0 ? heldOut : training
  const width = names.length
  const outputs = drone.outputs.length
  const sum = new FidelitySum()
  await new Turns().pieces(chosen.length, PIECE, (from, to) => {
    const rows = new Float64Array((to - from) * width)
    const expected = new Float32Array((to - from) * outputs)
    for (let n = from; n < to; n++) {
      const event = chosen[n]!
      rows.set(events.subarray(event * width, (event + 1) * width), (n - from) * width)
      expected.set(targets.subarray(event * outputs, (event + 1) * outputs), (n - from) * outputs)
    }
    sum.add(drone.predictBatch(rows), expected)
  })
  return { ...sum.result(outputs), heldOut: chosen === heldOut }
}

/** What the JSON keeps of a run. It holds no time, host or engine: the same seed and targets give the same bytes. */
function record(asked: Plan, known: InputStatistics[], trained: Trained, fidelity: MeasuredFidelity) {
  const { presetName, seed, epochs, batch, learningRate, order } = asked
  return {
    ...asked.record,
    domain: domainRecord(asked.names, known),
    training: {
      preset: presetName,
      seed,
      epochs: trained.history.length,
      epochsAsked: epochs,
      batch,
      learningRate,
      order,
      events: asked.trained,
      stopped: trained.stopped,
      ...historyRecord(trained.history),
    },
    fidelity: {
      ...fidelity,
      mse: rounded(fidelity.mse),
      mae: rounded(fidelity.mae),
      maxError: rounded(fidelity.maxError),
    },
  }
}
