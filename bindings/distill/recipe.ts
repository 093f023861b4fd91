/**
 * How `best` learns: a network with units to spare, a short gradient descent, second-order steps, and pruning down to
 * the size that is wanted, with steps in between.
 */
import type { Loss } from '../engines/api.ts'
import type { DistillOptions } from './options.ts'

/** Matrices have parameters² numbers, and steps take parameters³ operations: beyond, gradient descent with growth learns. */
const MOST_PARAMETERS = 1000

/** The units that a hidden layer has to spare at first: one layer alone, and each of several. */
const SPARE: Readonly<Record<Loss, readonly [alone: number, each: number]>> = {
  'cross-entropy': [9, 4],
  squared: [15, 6],
}

/** The weight of Σ parameter² beside the mean loss. */
const DECAY: Readonly<Record<Loss, number>> = { 'cross-entropy': 1e-7, squared: 1e-9 }

/** Events that the gradient descent takes, a step each; it goes through all of them at least once. */
const DESCENT_STEPS = 100_000
const MOST_DESCENTS = 200

/** The learning rate that it begins with. */
export const DESCENT_RATE = 0.05

/** Passes of second order over the events, unless the caller says how many passes there are to be. */
const PASSES = 170

export interface Recipe {
  /** Hidden units of each layer, at first and in the end. */
  start: readonly number[]
  wanted: readonly number[]
  /** Units to prune. */
  prunings: number
  loss: Loss
  decay: number
}

/** How often a run goes through the events. */
export interface Passes {
  /** By gradient descent. */
  descent: number
  /** By steps of second order: before the first unit is pruned, and after each; after the last one twice as often. */
  before: number
  after: number
  total: number
}

/**
 * Undefined where the drone that is wanted has too many parameters, or where the caller says how it is to grow.
 * @param hidden units of each layer that the caller wants at least
 * @param most units that a layer grows to
 */
export function recipeOf(
  { growth = {}, rule }: DistillOptions,
  loss: Loss,
  inputs: number,
  hidden: readonly number[],
  most: number,
  outputs: number,
): Recipe | undefined {
  const grows = rule || Object.values(growth).some((symbol) => symbol !== undefined)
  const wanted = rule === null ? hidden : hidden.map((units) => Math.max(units, most))
  const parameters = (units: readonly number[]) => parametersOf([inputs, ...units, outputs])
  if (grows || !(parameters(wanted) <= MOST_PARAMETERS)) return undefined
  let spare = SPARE[loss][wanted.length > 1 ? 1 : 0]
  while (parameters(wanted.map((units) => units + spare)) > 1.5 * MOST_PARAMETERS) spare--
  const start = wanted.map((units) => units + spare)
  return { start, wanted, prunings: spare * wanted.length, loss, decay: DECAY[loss] }
}

/** @param widths units of the layers, from the inputs on */
function parametersOf(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, units, k) => sum + units * (widths[k]! + 1), 0)
}

/**
 * @param epochs how many passes there are to be in all; as many as were measured to pay unless given. Where they are
 * few, all come before, and each pruning has none of its own.
 * @param events that are trained with
 */
export function passesOf({ prunings }: Recipe, epochs: number | undefined, events: number): Passes {
  const usual = Math.min(MOST_DESCENTS, Math.ceil(DESCENT_STEPS / events))
  const descent = epochs === undefined ? usual : Math.min(usual, Math.ceil(epochs / 3))
  const rest = epochs === undefined ? PASSES : epochs - descent
  const after = prunings > 0 ? Math.floor(rest / (prunings + 5)) : 0
  const before = Math.max(0, rest - after * (prunings + 1))
  return { descent, before, after, total: descent + before + (prunings > 0 ? after * (prunings + 1) + prunings : 0) }
}
