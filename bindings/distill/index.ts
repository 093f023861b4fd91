/** Distillation: asks a teacher, and trains a drone that grows until it answers alike. */
import { Random } from '../arithmetic/random.ts'
import { Drone } from '../drone.ts'
import type { Engine } from '../engines/api.ts'
import { checkEngine, loadEngine } from '../engines/index.ts'
import { checkNetwork, type Network } from '../model/network.ts'
import { activationFor, answersTo, areLabels, checkRange, isBounded } from './answers.ts'
import { type Data, divide, mask, type Split } from './data.ts'
import type { Epoch, Stopped } from './history.ts'
import { inputsOf } from './inputs.ts'
import { type MeasuredFidelity, measure } from './measure.ts'
import type { DistillOptions } from './options.ts'
import { plan } from './plan.ts'
import { quantilesOf } from './quantiles.ts'
import type { Questions } from './questions/index.ts'
import { domainRecord, fidelityRecord, trainingRecord } from './record.ts'
import { type Examples, sizeOf, type Training, type TrainingResult } from './run.ts'
import { paceOf } from './schedule.ts'
import { initialLayers } from './start.ts'
import { answering, scaledTargets, targeting, targetScale } from './targets.ts'

export interface Distilled {
  drone: Drone
  history: Epoch[]
  stopped: Stopped
  fidelity: MeasuredFidelity
  /** The numbers of the events that were held out. */
  heldOut: Uint32Array
  /** How many events were left out, because there was no finite answer to them. */
  unanswered: number
  /** What the teacher was asked beyond the events, if anything. */
  questions?: Questions
}

/**
 * Trains a drone to answer as the teacher does. It gives the event loop a turn every few milliseconds.
 * @throws ConfigurationError on an option that does not fit, EvaluationError on an answer that cannot be learnt, both
 * before anything is trained
 * @example
 * const { drone, fidelity } = await distill({ events, inputs: ['pt', 'eta'], teacher, holdout: 0.2 })
 */
export async function distill(options: DistillOptions): Promise<Distilled> {
  const { data, shape, schedule } = plan(options)
  const { outputs } = shape
  const given = options.engine ?? undefined
  const engine = typeof given === 'object' ? checkEngine(given) : await loadEngine(given)
  const { loadLearning, train, furtherExamples } = await import('../learning.ts')
  const learning = await loadLearning(engine)
  const answers = await answersTo(data, outputs, options)
  const outputActivation = shape.outputActivation ?? (await activationFor(answers, outputs.length))
  await checkRange(answers, outputs, outputActivation)
  const labels = isBounded(outputActivation) && (await areLabels(answers, outputs.length))

  const random = new Random(schedule.seed)
  const split = await divide(data, answers.answered, random)
  const { inputs, known } = await inputsOf(data, split)
  const layers = shape.layers ?? initialLayers(shape, outputActivation, inputs.length, schedule.preset.initial, random)
  const network = { inputs, layers, outputs }
  checkNetwork(network)

  const more = options.questions ? await furtherExamples(data, split, outputs, outputActivation, options) : undefined
  const examples = { data, chosen: split.training, targets: answers.values, further: more?.further }
  const { signal, onEpoch } = options
  const pace = paceOf(schedule, data.order, outputActivation, sizeOf(examples))
  const training = { schedule, pace, random, given: shape.layers !== undefined, labels, signal, onEpoch }
  const trained = await learn((...run) => train(learning, ...run), network, examples, training)
  const learnt = { ...network, layers: trained.layers }
  const { fidelity, quantiles } = await measured(learnt, engine, data, split, answers.values, options.labels)
  const nndrone = {
    ...options.record,
    domain: domainRecord(data.names, known),
    training: trainingRecord(schedule, pace, data, split.training.length, trained, more?.questions),
    fidelity: fidelityRecord(fidelity),
    quantiles,
  }
  return {
    drone: Drone.from({ ...learnt, nndrone }, { engine }),
    history: trained.history,
    stopped: trained.stopped,
    fidelity,
    heldOut: split.heldOut,
    unanswered: data.count - answers.answered.length,
    ...(more && { questions: more.questions }),
  }
}

/** Trains on the answers, or, where the outputs are linear, on what they are beside their mean and deviation. */
async function learn(
  train: (network: Network, examples: Examples, training: Training) => Promise<TrainingResult>,
  network: Network,
  examples: Examples,
  training: Training,
): Promise<TrainingResult> {
  if (network.layers.at(-1)!.activation !== 'linear') return train(network, examples, training)
  const { data, chosen, targets: answers } = examples
  const scale = await targetScale(answers, network.outputs.length, await mask(chosen, data.count))
  const layers = training.given ? targeting(network.layers, scale) : network.layers
  const targets = await scaledTargets(answers, scale)
  const further = examples.further && {
    ...examples.further,
    targets: await scaledTargets(examples.further.targets, scale),
  }
  const trained = await train({ ...network, layers }, { ...examples, targets, further }, training)
  return { ...trained, layers: answering(trained.layers, scale) }
}

async function measured(
  network: Network,
  engine: Engine,
  data: Data,
  split: Split,
  answers: Float32Array,
  labels?: ArrayLike<number>,
) {
  const drone = await Drone.load(network, { engine })
  try {
    const fidelity = await measure(drone, data, answers, split)
    return { fidelity, quantiles: await quantilesOf(drone, data, split.training, labels) }
  } finally {
    drone.dispose()
  }
}
