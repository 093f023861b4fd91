/**
 * How `best` learns: a network with units to spare, a short gradient descent, second-order steps, and pruning down to
 * the size that is wanted, with steps in between.
 */
import type { Loss } from '../engines/api.ts'
import type { DistillOptions } from './options.ts'

/** Matrices have parameters² numbers, and steps take parameters³ operations: beyond, gradient descent with growth learns. */
const MOST_PARAMETERS = 1000

/** What was measured to pay, by the loss. */
interface Measure {
  /** Units that a hidden layer has to spare at first: one layer alone, and each of several. */
  spare: readonly [alone: number, each: number]
  /** Steps of second order before the first unit is pruned, and after each; after the last one twice as many. */
  before: number
  after: number
  /** Events that the gradient descent takes, a step each; it goes through all of them at least once. */
  descent: number
  /** The weight of Σ parameter² beside the mean loss. */
  decay: number
  /** Steps in the end by which squares become less, whatever the loss was; their own decay. */
  squares: number
  squaresDecay: number
}

const MEASURES: Readonly<Record<Loss, Measure>> = {
  'cross-entropy': {
    spare: [12, 5],
    before: 50,
    after: 12,
    descent: 400_000,
    decay: 2e-7,
    squares: 0,
    squaresDecay: 1e-9,
  },
  squared: { spare: [18, 6], before: 40, after: 16, descent: 200_000, decay: 1e-9, squares: 80, squaresDecay: 1e-11 },
}

/** Where a teacher is asked much more than there are events, the training can be as thorough as in sample. */
const ASKED: Measure = { ...MEASURES['cross-entropy'], spare: [15, 6], decay: 1e-7, squares: 25 }

/** Where the caller wants few epochs, each layer has a unit to spare for so many of them. */
const PASSES_EACH = 10

/** Of very many events, so many of the first in a random order are what steps are found from, but for the last ones. */
export const MOST_EVENTS = 200_000

/** Passes of the gradient descent, however few the events are. */
const MOST_DESCENTS = 400

/** The learning rate that it begins with. */
export const DESCENT_RATE = 0.05

export interface Recipe {
  /** Hidden units of each layer, at first and in the end. */
  start: readonly number[]
  wanted: readonly number[]
  /** Units to prune. */
  prunings: number
  loss: Loss
  measure: Measure
}

/** How often a run goes through the events: `descent` by gradient descent, the others as `Measure` says. */
export interface Passes {
  descent: number
  before: number
  after: number
  squares: number
  /** The prunings too. */
  total: number
}

/**
 * Undefined where the drone that is wanted has too many parameters, or where the caller says how it is to grow.
 * @param hidden units of each layer, which are the least that is wanted where they are the caller's
 * @param most units that a layer grows to
 */
export function recipeOf(
  { growth = {}, rule, hidden: given, layers, epochs, loss: chosen, questions = 0 }: DistillOptions,
  loss: Loss,
  inputs: number,
  hidden: readonly number[],
  most: number,
  outputs: number,
): Recipe | undefined {
  const grows = rule || Object.values(growth).some((symbol) => symbol !== undefined)
  const least = (units: number) => (given || layers ? units : 1)
  const wanted = rule === null ? hidden : hidden.map((units) => Math.max(least(units), Math.floor(most)))
  const parameters = (units: readonly number[]) => parametersOf([inputs, ...units, outputs])
  if (grows || !(parameters(wanted) <= MOST_PARAMETERS)) return undefined
  const measure = questions > 0 && chosen === undefined ? ASKED : MEASURES[loss]
  const few = Math.floor((epochs ?? Number.POSITIVE_INFINITY) / (PASSES_EACH * wanted.length))
  let spare = Math.min(measure.spare[wanted.length > 1 ? 1 : 0], few)
  while (parameters(wanted.map((units) => units + spare)) > 1.5 * MOST_PARAMETERS) spare--
  const start = wanted.map((units) => units + spare)
  return { start, wanted, prunings: spare * wanted.length, loss, measure }
}

/** @param widths units of the layers, from the inputs on */
function parametersOf(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, units, k) => sum + units * (widths[k]! + 1), 0)
}

/**
 * @param epochs how many passes there are to be, prunings among them; as many as were measured to pay unless given
 * @param events that are trained with
 */
export function passesOf({ prunings, measure }: Recipe, epochs: number | undefined, events: number): Passes {
  const usual = Math.min(MOST_DESCENTS, Math.ceil(measure.descent / events))
  const stages = prunings > 0 ? prunings + 1 : 0
  const steps = measure.before + stages * measure.after
  const descent = epochs === undefined ? usual : Math.min(usual, Math.ceil(epochs / 3))
  const rest = epochs === undefined ? steps : epochs - descent - prunings
  const after = Math.floor((measure.after * rest) / steps)
  // The last touch is for who leaves it to the recipe how long it takes.
  const squares = epochs === undefined ? measure.squares : 0
  const total = descent + rest + squares + prunings
  return { descent, before: rest - stages * after, after, squares, total }
}
