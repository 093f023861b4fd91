/** The epochs of a run that grows: the loss, growth, and the ways to end. */
import type { Learner } from '../engines/api.ts'
import { newUnit } from '../model/growth.ts'
import { hiddenUnits, type Layer } from '../model/network.ts'
import type { Epoch, Stopped } from './history.ts'
import { finite, type Training, type TrainingResult } from './run.ts'
import type { Learning } from './steps/api.ts'

export class Growing {
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
    const { signal, schedule, pace } = this.#training
    const { epochs } = pace
    const { rule } = schedule
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
