/** How a run learns: the preset, and what the options change of it. */
import type { Loss } from '../engines/api.ts'
import { refuse, shown } from '../errors.ts'
import type { Activation } from '../model/activations.ts'
import { checkAwake } from '../model/growth.ts'
import { numberOf, whole } from './checks.ts'
import type { Data } from './data.ts'
import type { DistillOptions } from './options.ts'
import { PRESETS, type Preset, type PresetName } from './presets.ts'
import { DESCENT_RATE, passesOf, type Recipe, recipeOf } from './recipe.ts'
import type { GrowthRule } from './rules.ts'
import type { Shape } from './shape.ts'
import type { Pace } from './steps/api.ts'

export interface Schedule {
  presetName: PresetName
  preset: Preset
  loss: Loss
  /** Undefined where a drone grows. */
  recipe: Recipe | undefined
  /** Where it is undefined, the preset or the recipe decides. */
  epochs: number | undefined
  batch: number
  /** Where it is undefined, the preset and the last layer decide. */
  learningRate: number | undefined
  seed: number
  rule: GrowthRule
  maxHidden: number
  targetMse: number
}

const LOSSES: readonly Loss[] = ['squared', 'cross-entropy']

const NEVER: GrowthRule = { grows: () => false }

/**
 * @param trained events to train with
 * @throws ConfigurationError that names the option and the value
 */
export function scheduleOf(options: DistillOptions, shape: Shape, inputs: number, trained: number): Schedule {
  const { preset: presetName = 'best' } = options
  if (!Object.hasOwn(PRESETS, presetName)) {
    refuse('preset', presetName, `one of ${Object.keys(PRESETS).join(', ')}`)
  }
  const preset = PRESETS[presetName]
  if (preset.incoming === 'zero' && options.rule !== null) shape.activations.forEach(checkAwake)
  const batches = `a whole number from 1 to ${trained} (events to train with)`
  const positive = (x: number) => x > 0 && Number.isFinite(x)
  const notNegative = (x: number) => x >= 0
  const { loss = preset.loss } = options
  if (!LOSSES.includes(loss)) refuse('loss', loss, LOSSES.map(shown).join(' or '))
  const maxHidden = numberOf(options, 'maxHidden', preset.maxHidden, notNegative, 'a number from 0')
  const { hidden, outputs } = shape
  return {
    presetName,
    preset,
    loss,
    recipe: preset.shrinks ? recipeOf(options, loss, inputs, hidden, maxHidden, outputs.length) : undefined,
    epochs: numberOf(options, 'epochs', undefined, whole(1, 1e9), 'a whole number from 1'),
    batch: numberOf(options, 'batchSize', preset.batch, whole(1, trained), batches),
    learningRate: numberOf(options, 'learningRate', undefined, positive, 'a positive number'),
    seed: numberOf(options, 'seed', 1, whole(0, Number.MAX_SAFE_INTEGER), 'a whole number from 0'),
    rule: ruleOf(options, preset),
    maxHidden,
    targetMse: numberOf(options, 'targetMse', 0, notNegative, 'a number from 0'),
  }
}

function ruleOf({ rule, growth = {} }: DistillOptions, preset: Preset): GrowthRule {
  if (rule === null) return NEVER
  if (rule !== undefined && typeof rule.grows !== 'function') refuse('rule', rule, 'an object with a method grows')
  return rule ?? preset.rule(growth)
}

/** The steps of a run, once the last layer is known, and how many events there are to train with. */
export function paceOf(
  { preset, recipe, epochs, batch, learningRate, loss }: Schedule,
  order: Data['order'],
  outputActivation: Activation,
  trained: number,
): Pace {
  return {
    epochs: recipe ? passesOf(recipe, epochs, trained).total : (epochs ?? preset.epochs),
    batch: Math.min(batch, trained),
    learningRate: learningRate ?? usualRate(recipe ? DESCENT_RATE : preset.learningRate, loss, outputActivation),
    loss,
    reshuffles: preset.reshuffles && order === 'shuffled',
    decay: preset.decay,
  }
}

/** Made for sigmoid outputs, whose slope is ¼ at most; that of a linear one is 1. */
function usualRate(rate: number, loss: Loss, outputActivation: Activation): number {
  return loss === 'cross-entropy' && outputActivation === 'linear' ? rate / 4 : rate
}
