/** A run that shrinks: a network with units to spare learns, and loses them one after the other (`recipe.ts`). */
import type { Learner, LearningEngine, TrainingSet } from '../engines/api.ts'
import { newUnit, withoutUnit } from '../model/growth.ts'
import { hiddenUnits, type Layer, type Network } from '../model/network.ts'
import type { Epoch, Stopped } from './history.ts'
import { Pauses, shuffle } from './pauses.ts'
import { MOST_EVENTS, type Passes, passesOf, type Recipe } from './recipe.ts'
import { finite, type Training, type TrainingResult } from './run.ts'
import { evidentDecay } from './steps/evidence.ts'
import { LevenbergMarquardt } from './steps/levenberg-marquardt.ts'
import { Objective } from './steps/objective.ts'
import { cheapestPruning, compensated } from './steps/prune.ts'
import { sgd } from './steps/sgd.ts'

/** The decay that labels are begun with. */
const LABELS_DECAY = 1e-5

export class Shrinking {
  readonly #engine: LearningEngine
  readonly #network: Network
  readonly #set: TrainingSet
  readonly #recipe: Recipe
  readonly #training: Training
  readonly #passes: Passes
  readonly #history: Epoch[] = []
  readonly #pauses = new Pauses()
  /** How many epochs there will be. */
  #total: number
  #resident: Learner
  /** Whether the resident is one of this run's own. */
  #own = false
  #objective: Objective
  /** The weight of Σ parameter² beside the mean loss. */
  #decay: number

  constructor(
    engine: LearningEngine,
    network: Network,
    resident: Learner,
    set: TrainingSet,
    recipe: Recipe,
    training: Training,
  ) {
    this.#engine = engine
    this.#network = network
    this.#set = set
    this.#recipe = recipe
    this.#training = training
    this.#resident = resident
    this.#decay = this.#regular ? LABELS_DECAY : recipe.measure.decay
    this.#objective = this.#objectiveOf(resident)
    this.#passes = passesOf(recipe, training.schedule.epochs, set.size)
    this.#total = this.#passes.total
  }

  async finish(): Promise<TrainingResult> {
    try {
      const stopped =
        (await this.#begin()) ??
        (await this.#improve(this.#passes.before)) ??
        (await this.#shrink()) ??
        (await this.#finishBySquares())
      return { layers: this.#outcome(stopped), history: this.#history, stopped: stopped ?? 'finished' }
    } finally {
      if (this.#own) this.#resident.release()
    }
  }

  #objectiveOf(resident: Learner): Objective {
    const { loss } = this.#recipe
    const most = this.#spare() ? MOST_EVENTS : this.#set.size
    return new Objective(resident, this.#set, loss, this.#decay, this.#pauses, most)
  }

  #hidden(): number[] {
    return hiddenUnits({ layers: this.#resident.layers() })
  }

  /** Whether a layer, or any, has more units than are wanted. */
  #spare(layer?: number): boolean {
    return this.#hidden().some((units, k) => units > this.#recipe.wanted[k]! && k === (layer ?? k))
  }

  /** Layers that have learnt already get their units to spare; others learn by gradient descent first. */
  async #begin(): Promise<Stopped | undefined> {
    const { pace, random, signal, given } = this.#training
    if (given) {
      this.#total -= this.#passes.descent
      this.#widen()
      return this.#mix()
    }
    const descent = { ...pace, epochs: this.#passes.descent, loss: 'cross-entropy' } as const
    const learning = sgd({ resident: this.#resident, set: this.#set, random, signal }, descent)
    for (let epoch = 1; epoch <= descent.epochs; epoch++) {
      const loss = await learning.epoch(epoch)
      if (loss === undefined) return 'aborted'
      const stopped = this.#book(loss, 'descent')
      if (stopped) return stopped
    }
    return this.#mix()
  }

  /** A random order: where there are very many events, steps are found from the first of them. */
  async #mix(): Promise<undefined> {
    await shuffle(() => this.#set.order, this.#training.random, this.#pauses)
  }

  #widen(): void {
    for (const [layer, units] of this.#recipe.start.entries()) {
      while (this.#hidden()[layer]! < units) {
        const unit = newUnit({ layers: this.#resident.layers() }, layer, 'random', this.#training.random)
        this.#resident.expand(layer, unit.incoming, unit.bias)
      }
    }
    this.#objective = this.#objectiveOf(this.#resident)
  }

  /** So many steps of second order, or fewer where none helps any more. */
  async #improve(steps: number): Promise<Stopped | undefined> {
    if (this.#regular) await this.#regularise()
    const method = new LevenbergMarquardt(this.#objective, this.#pauses, this.#training.signal)
    for (let left = steps; left > 0; left--) {
      const step = await method.step()
      if (!step) return 'aborted'
      if (!step.better) this.#total -= left - 1
      const stopped = this.#book(step.squares * this.#training.pace.batch, 'second-order')
      if (stopped || !step.better) return stopped
    }
    return undefined
  }

  async #shrink(): Promise<Stopped | undefined> {
    const { after } = this.#passes
    while (this.#spare()) {
      const stopped = (await this.#prune()) ?? (await this.#improve(this.#spare() ? after : 2 * after))
      if (stopped) return stopped
    }
    return undefined
  }

  /** Labels are learnt with as much decay as they bear out. */
  get #regular(): boolean {
    return this.#training.labels && this.#recipe.loss === 'cross-entropy'
  }

  async #regularise(): Promise<void> {
    this.#decay = await evidentDecay(this.#objective, this.#pauses)
    this.#objective = this.#objectiveOf(this.#resident)
  }

  async #finishBySquares(): Promise<Stopped | undefined> {
    const { squares } = this.#passes
    if (squares === 0 || this.#regular) return undefined
    this.#objective = new Objective(
      this.#resident,
      this.#set,
      'squared',
      this.#recipe.measure.squaresDecay,
      this.#pauses,
    )
    return this.#improve(squares)
  }

  async #prune(): Promise<Stopped | undefined> {
    const { signal, pace } = this.#training
    const { squares } = await this.#objective.gradient()
    const parameters = this.#objective.parameters()
    const layers = this.#resident.layers()
    const curvature = await this.#objective.curvature()
    const mayLose = (layer: number) => this.#spare(layer)
    const pruning = await cheapestPruning(layers, parameters, curvature, mayLose, this.#pauses, signal)
    if (!pruning) return 'aborted'
    this.#resident.write(compensated(parameters, pruning.step))
    this.#replace(withoutUnit(this.#resident.layers(), pruning.layer, pruning.unit))
    return this.#book(squares * pace.batch, 'pruning', hiddenUnits({ layers }))
  }

  #replace(layers: readonly Layer[]): void {
    const resident = this.#engine.place({ ...this.#network, layers })
    if (this.#own) this.#resident.release()
    this.#resident = resident
    this.#own = true
    this.#objective = this.#objectiveOf(resident)
  }

  /** Books an epoch, and says whether the run ends here. Only a drone of the size that is wanted reaches a target. */
  #book(loss: number, step: Epoch['step'], hidden = this.#hidden()): Stopped | undefined {
    const { schedule, pace, onEpoch, signal } = this.#training
    const before = this.#history.at(-1)?.loss
    const change = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(loss - before) / loss
    const entry: Epoch = { epoch: this.#history.length + 1, loss, change, hidden, grew: false, step }
    this.#history.push(entry)
    onEpoch?.(entry, Math.max(this.#total, entry.epoch))
    if (signal?.aborted) return 'aborted'
    if (!Number.isFinite(loss)) return 'diverged'
    if (step === 'pruning' || this.#spare()) return undefined
    if (loss === 0) return 'zero'
    return loss / (pace.batch * this.#network.outputs.length) <= schedule.targetMse ? 'target' : undefined
  }

  /** The layers as they are now; those that the run began with where these are wider than wanted, or not finite. */
  #outcome(stopped: Stopped | undefined): readonly Layer[] {
    const layers = this.#resident.layers()
    const unfinished = stopped && this.#spare() && this.#training.given
    return unfinished || !finite(layers) ? this.#network.layers : layers
  }
}
