/** The epochs of a run: mini-batches, the loss, growth, and the ways to end. */
import type { Learner, LearningEngine, Steps, TrainingSet } from './engine.ts'
import { newUnit } from './growth.ts'
import type { Epoch, Stopped } from './history.ts'
import type { Layer, Network } from './network.ts'
import type { Plan } from './plan.ts'
import { type Random, shuffleInTurns } from './random.ts'
import { PIECE, Turns } from './turns.ts'

export interface Trained {
  layers: readonly Layer[]
  history: Epoch[]
  stopped: Stopped
}

/**
 * Trains `network` on the events numbered `chosen`, in that order.
 * @param targets [count × outputs], of all events
 */
export async function train(
  plan: Plan,
  engine: LearningEngine,
  network: Network,
  chosen: Uint32Array,
  targets: Float32Array,
  random: Random,
): Promise<Trained> {
  const resident = engine.place(network)
  let set: TrainingSet | undefined
  try {
    set = resident.trainingSet(chosen.length)
    await fill(set, plan, chosen, targets)
    return await new Run(plan, resident, set, random).finish()
  } finally {
    set?.release()
    resident.release()
  }
}

async function fill(set: TrainingSet, plan: Plan, chosen: Uint32Array, targets: Float32Array): Promise<void> {
  const width = plan.names.length
  const outputs = plan.outputs.length
  const rows = new Float64Array(Math.min(PIECE, chosen.length) * width)
  const answers = new Float32Array(Math.min(PIECE, chosen.length) * outputs)
  await new Turns().pieces(chosen.length, PIECE, (from, to) => {
    for (let n = from; n < to; n++) {
      const event = chosen[n]!
      const at = n - from
      for (let i = 0; i < width; i++) rows[at * width + i] = plan.events[event * width + i]!
      for (let i = 0; i < outputs; i++) answers[at * outputs + i] = targets[event * outputs + i]!
    }
    set.append(rows.subarray(0, (to - from) * width), answers.subarray(0, (to - from) * outputs), to - from)
  })
}

class Run {
  readonly #plan: Plan
  readonly #resident: Learner
  readonly #set: TrainingSet
  readonly #random: Random
  readonly #batches: number
  readonly #turns = new Turns()
  readonly #history: Epoch[] = []
  #hidden: number[]
  #growths = 0
  #lowest = Number.POSITIVE_INFINITY
  #best: readonly Layer[]
  /** Events that take about half a slice of the event loop; learnt from the clock, which changes no result. */
  #stride = 64

  constructor(plan: Plan, resident: Learner, set: TrainingSet, random: Random) {
    this.#plan = plan
    this.#resident = resident
    this.#set = set
    this.#random = random
    this.#batches = Math.floor(set.size / plan.batch)
    this.#best = resident.layers()
    this.#hidden = this.#best.slice(0, -1).map((layer) => layer.bias.length)
  }

  async finish(): Promise<Trained> {
    const { epochs, rule, signal } = this.#plan
    let total = epochs
    for (let epoch = 1; epoch <= total; epoch++) {
      const loss = await this.#epoch(epoch)
      if (loss === undefined || signal?.aborted) return this.#end('aborted')
      const stopped = this.#judge(epoch, loss, total)
      if (stopped) return this.#end(stopped)
      if (epoch === total && epoch < 2 * epochs && rule?.continues?.(loss)) total++
    }
    return this.#end('finished')
  }

  /** L_j, or undefined where the run was aborted on the way. */
  async #epoch(epoch: number): Promise<number | undefined> {
    const { recipe, learningRate, epochs, batch, signal } = this.#plan
    if (recipe.reshuffles && this.#plan.order !== 'given') {
      await shuffleInTurns(() => this.#set.order, this.#random, this.#turns)
    }
    const steps: Steps = {
      first: 0,
      count: 0,
      batch,
      learningRate: learningRate * recipe.decay(Math.min(1, (epoch - 1) / epochs)),
      loss: recipe.loss,
    }
    let loss = 0
    const events = this.#batches * batch
    for (let first = 0; first < events; first += steps.count) {
      steps.first = first
      steps.count = Math.min(this.#stride, events - first)
      const began = performance.now()
      loss = this.#resident.train(this.#set, steps, loss)
      this.#adapt(steps.count, performance.now() - began)
      await this.#turns.ifDue()
      if (signal?.aborted) return undefined
    }
    return loss / this.#batches
  }

  /** That the rest of an epoch was quick says nothing; it is short. */
  #adapt(count: number, milliseconds: number): void {
    if (milliseconds < 1 && count === this.#stride) this.#stride *= 2
    else if (milliseconds > 3) this.#stride = Math.max(1, count >>> 1)
  }

  /** Books an epoch, grows if the rule says so, and says whether the run ends here. */
  #judge(epoch: number, loss: number, total: number): Stopped | undefined {
    const { rule, targetMse, batch, outputs, onEpoch } = this.#plan
    const before = this.#history.at(-1)?.loss
    const change = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(loss - before) / loss
    const entry: Epoch = { epoch, loss, change, hidden: [...this.#hidden], grew: false }
    this.#history.push(entry)
    this.#keep(loss)
    let stopped: Stopped | undefined
    if (!Number.isFinite(loss)) stopped = 'diverged'
    else if (loss === 0) stopped = 'zero'
    else if (loss / (batch * outputs.length) <= targetMse) stopped = 'target'
    else entry.grew = epoch > 1 && (rule?.grows(loss, change) ?? false) && this.#grow()
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
    const { recipe, maxHidden } = this.#plan
    const turns = this.#hidden.map((_, k) => (this.#growths + k) % this.#hidden.length)
    const layer = turns.find((k) => this.#hidden[k]! < maxHidden)
    if (layer === undefined) return false
    const unit = newUnit({ layers: this.#resident.layers() }, layer, recipe.incoming, this.#random)
    this.#resident.expand(layer, unit.incoming, unit.bias)
    this.#hidden[layer]!++
    this.#growths++
    return true
  }

  #end(stopped: Stopped): Trained {
    const last = this.#resident.layers()
    if (stopped === 'finished' && finite(last)) return { layers: last, history: this.#history, stopped }
    return { layers: this.#best, history: this.#history, stopped: stopped === 'finished' ? 'diverged' : stopped }
  }
}

function finite(layers: readonly Layer[]): boolean {
  return layers.every(({ weights, bias }) => weights.every(Number.isFinite) && bias.every(Number.isFinite))
}
