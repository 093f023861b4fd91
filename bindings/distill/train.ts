/** The epochs of a run: the loss, growth, and the ways to end. */
import type { Random } from '../arithmetic/random.ts'
import type { Learner, LearningEngine, TrainingSet } from '../engines/api.ts'
import { newUnit } from '../model/growth.ts'
import { hiddenUnits, type Layer, type Network } from '../model/network.ts'
import type { Data } from './data.ts'
import type { Epoch, Stopped } from './history.ts'
import type { DistillOptions } from './options.ts'
import { inPieces, PIECE } from './pauses.ts'
import type { Schedule } from './schedule.ts'
import type { Learning, Pace } from './steps/api.ts'

/** The events to train on, numbered `chosen` and in that order, with the targets [count × outputs] of all events. */
export interface Examples {
  data: Data
  chosen: Uint32Array
  targets: Float32Array
}

/** How to train, and who looks on. */
export interface Training extends Pick<DistillOptions, 'signal' | 'onEpoch'> {
  schedule: Schedule
  pace: Pace
  random: Random
}

export interface TrainingResult {
  layers: readonly Layer[]
  history: Epoch[]
  stopped: Stopped
}

/** Trains `network`, which stays as it is; it is in the engine for as long as that takes. */
export async function train(
  engine: LearningEngine,
  network: Network,
  examples: Examples,
  training: Training,
): Promise<TrainingResult> {
  const resident = engine.place(network)
  let set: TrainingSet | undefined
  try {
    set = resident.trainingSet(examples.chosen.length)
    await fill(set, examples)
    const { pace, schedule, random, signal } = training
    const learning = schedule.preset.method({ resident, set, random, signal }, pace)
    return await new Run(training, resident, learning, network.outputs.length).finish()
  } finally {
    set?.release()
    resident.release()
  }
}

async function fill(set: TrainingSet, { data, chosen, targets }: Examples): Promise<void> {
  const { events, names, count } = data
  const width = names.length
  const outputs = targets.length / count
  const rows = new Float64Array(Math.min(PIECE, chosen.length) * width)
  const answers = new Float32Array(Math.min(PIECE, chosen.length) * outputs)
  await inPieces(chosen.length, (from, to) => {
    for (let n = from; n < to; n++) {
      const event = chosen[n]!
      const at = n - from
      for (let i = 0; i < width; i++) rows[at * width + i] = events[event * width + i]!
      for (let i = 0; i < outputs; i++) answers[at * outputs + i] = targets[event * outputs + i]!
    }
    set.append(rows.subarray(0, (to - from) * width), answers.subarray(0, (to - from) * outputs), to - from)
  })
}

class Run {
  readonly #training: Training
  readonly #resident: Learner
  readonly #learning: Learning
  readonly #outputs: number
  readonly #history: Epoch[] = []
  readonly #hidden: number[]
  #growths = 0
  #lowest = Number.POSITIVE_INFINITY
  #best: readonly Layer[]

  constructor(training: Training, resident: Learner, learning: Learning, outputs: number) {
    this.#training = training
    this.#resident = resident
    this.#learning = learning
    this.#outputs = outputs
    this.#best = resident.layers()
    this.#hidden = hiddenUnits({ layers: this.#best })
  }

  async finish(): Promise<TrainingResult> {
    const { signal, schedule } = this.#training
    const { epochs, rule } = schedule
    let total = epochs
    for (let epoch = 1; epoch <= total; epoch++) {
      const loss = await this.#learning.epoch(epoch)
      if (loss === undefined || signal?.aborted) return this.#end('aborted')
      const stopped = this.#judge(epoch, loss, total)
      if (stopped) return this.#end(stopped)
      if (epoch === total && epoch < 2 * epochs && rule.continues?.(loss)) total++
    }
    return this.#end('finished')
  }

  /** Books an epoch, grows if the rule says so, and says whether the run ends here. */
  #judge(epoch: number, loss: number, total: number): Stopped | undefined {
    const { schedule, pace, onEpoch } = this.#training
    const before = this.#history.at(-1)?.loss
    const change = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(loss - before) / loss
    const entry: Epoch = { epoch, loss, change, hidden: [...this.#hidden], grew: false }
    this.#history.push(entry)
    this.#keep(loss)
    let stopped: Stopped | undefined
    if (!Number.isFinite(loss)) stopped = 'diverged'
    else if (loss === 0) stopped = 'zero'
    else if (loss / (pace.batch * this.#outputs) <= schedule.targetMse) stopped = 'target'
    else entry.grew = epoch > 1 && schedule.rule.grows(loss, change) && this.#grow()
    onEpoch?.(entry, total)
    return stopped
  }

  /** The best so far is that of the lowest loss, if its last step did not lead to infinity. */
  #keep(loss: number): void {
    if (!(loss < this.#lowest)) return
    const layers = this.#resident.layers()
    if (!finite(layers)) return
    this.#lowest = loss
    this.#best = layers
  }

  /** Adds a unit to the hidden layer whose turn it is; false where growth has ended. */
  #grow(): boolean {
    const { schedule, random } = this.#training
    const turns = this.#hidden.map((_, k) => (this.#growths + k) % this.#hidden.length)
    const layer = turns.find((k) => this.#hidden[k]! < schedule.maxHidden)
    if (layer === undefined) return false
    const unit = newUnit({ layers: this.#resident.layers() }, layer, schedule.preset.incoming, random)
    this.#resident.expand(layer, unit.incoming, unit.bias)
    this.#hidden[layer]!++
    this.#growths++
    return true
  }

  #end(stopped: Stopped): TrainingResult {
    const last = this.#resident.layers()
    if (stopped === 'finished' && finite(last)) return { layers: last, history: this.#history, stopped }
    return { layers: this.#best, history: this.#history, stopped: stopped === 'finished' ? 'diverged' : stopped }
  }
}

function finite(layers: readonly Layer[]): boolean {
  return layers.every(({ weights, bias }) => weights.every(Number.isFinite) && bias.every(Number.isFinite))
}
