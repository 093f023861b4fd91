/** What happened in each epoch of a run, and how it ended. */

export interface Epoch {
  /** From 1. */
  epoch: number
  /**
   * L_j, the mean over the mini-batches of Σ(F − G)², each taken before its update; of linear outputs in units of the
   * answers' variance.
   */
  loss: number
  /** δ_j = |L_j − L_{j−1}| / L_j; infinite in the first epoch. */
  change: number
  /** Hidden units of each layer that the epoch was trained with. */
  hidden: number[]
  /** Whether the network grew after it. */
  grew: boolean
  /** What was done, where a drone shrinks. A pruning takes the unit away that is missed least. */
  step?: 'descent' | 'second-order' | 'pruning'
}

/**
 * How a run stopped: `finished` after its epochs with the last drone; else with that of the lowest loss, because it was
 * `aborted`, reached its `target` MSE, or its loss became `zero` or `diverged`.
 */
export type Stopped = 'finished' | 'aborted' | 'target' | 'zero' | 'diverged'

/** A history as the JSON keeps it: seven digits say all that a reader could want. */
export function historyRecord(history: readonly Epoch[]): Record<string, number[]> {
  return {
    growths: history.filter((epoch) => epoch.grew).map((epoch) => epoch.epoch),
    ...shrinkingRecord(history),
    loss: history.map((epoch) => rounded(epoch.loss)),
    change: history.slice(1).map((epoch) => rounded(epoch.change)),
  }
}

/** How many epochs of gradient descent came first, which were prunings, and what the units were before the first. */
function shrinkingRecord(history: readonly Epoch[]): Record<string, number | number[]> {
  if (!history[0]?.step) return {}
  return {
    descents: history.filter(({ step }) => step === 'descent').length,
    prunings: history.filter(({ step }) => step === 'pruning').map(({ epoch }) => epoch),
    startedFrom: history[0].hidden,
  }
}

export function rounded(value: number): number {
  return Number(value.toPrecision(7))
}
