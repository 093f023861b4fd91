/** What a caller asks of a distillation, and what follows from it: every option checked, every default filled in. */
import type { Teacher } from './index.ts'
import type { Engine, EngineName, Numbers } from '../engines/api.ts'
import { ConfigurationError, refuse, shown } from '../errors.ts'
import { checkAwake, type GrowthRule, type RuleOptions } from '../model/growth.ts'
import type { Epoch } from './history.ts'
import {
  ACTIVATIONS,
  type Activation,
  checkNames,
  checkParameters,
  counted,
  type Input,
  type Layer,
} from '../model/network.ts'
import { PRESETS, type Preset, type PresetName } from './presets.ts'

/** An input by name alone is standardised: its offset and scale give the training events mean 0 and deviation 1. */
export type InputChoice = string | (Pick<Input, 'name'> & Partial<Input>)

export type Scaling = 'deviation' | 'quantiles'

export interface DistillOptions {
  /** [n × inputs], one event after the other. A value that is not finite is a missing one. */
  events: Numbers
  inputs: readonly InputChoice[]
  /** The teacher's answers [n × outputs], if they are known; else `teacher` is asked. */
  targets?: ArrayLike<number>
  teacher?: Teacher
  /** Names of the outputs; those of the teacher unless given, else `score`. */
  outputs?: readonly string[]
  /** `best` unless given. */
  preset?: PresetName
  /** Units of the hidden layers at the start; [5] unless given. Growth takes the layers in turn. */
  hidden?: readonly number[]
  /** Activation of the hidden layers, `sigmoid` unless given. */
  activation?: Activation
  /** Activation of the last layer: `sigmoid` unless given, for answers from 0 to 1; `linear` for any number. */
  outputActivation?: Activation
  /** Layers to start from, instead of random ones. */
  layers?: readonly Layer[]
  epochs?: number
  /** Events of a mini-batch. */
  batch?: number
  learningRate?: number
  /** The source of every random choice: a whole number from 0; 1 unless given. */
  seed?: number
  /** `shuffled` by the seed unless given; `given` takes the events as they come, in every epoch. */
  order?: 'shuffled' | 'given'
  /** The paper's symbols, for the rule of the preset. */
  growth?: RuleOptions
  /** A rule of one's own; null never grows. */
  rule?: GrowthRule | null
  /** Growth ends where every hidden layer has so many units. */
  maxHidden?: number
  /** Ends the run once the MSE over an epoch is as low as this; of linear outputs, in units of the answers' variance. */
  targetMse?: number
  /** Events that are held out of the training and measured on: a fraction of all, or their numbers; none unless given. */
  holdout?: number | ArrayLike<number>
  /**
   * What an input without offset and scale is standardised by: mean and deviation unless given, or `quantiles`, which
   * outliers do not move (see `robustStatistics`). A missing value becomes the mean; with `quantiles`, the median.
   */
  scaling?: Scaling
  /** Called after each epoch; `total` is how many there will be. */
  onEpoch?(epoch: Epoch, total: number): void
  /** Ends the run, which resolves with the best drone so far; while the teacher is asked, it rejects with the reason. */
  signal?: AbortSignal
  engine?: EngineName | Engine
  /** More for the `nndrone` part of the JSON: who the teacher was, say. */
  record?: Readonly<Record<string, unknown>>
}

export interface Plan extends DistillOptions {
  count: number
  names: string[]
  outputs: readonly string[]
  hidden: readonly number[]
  activation: Activation
  outputActivation: Activation
  presetName: PresetName
  recipe: Preset
  epochs: number
  batch: number
  learningRate: number
  seed: number
  order: 'shuffled' | 'given'
  rule: GrowthRule | null
  maxHidden: number
  targetMse: number
  scaling: Scaling
  holdout: number | Uint32Array
  /** How many events, of `count`, are trained with. */
  trained: number
}

const NEVER: GrowthRule = { grows: () => false }

/** Units of a layer to start with. */
const MOST_UNITS = 4096

/** @throws ConfigurationError that names the option and the value */
export function plan(options: DistillOptions): Plan {
  if (typeof options !== 'object' || options === null) refuse('options', options, 'an object')
  const { events, inputs, teacher, targets, preset = 'best' } = options
  if (!(events instanceof Float32Array || events instanceof Float64Array)) {
    refuse('events', events, 'a Float32Array or a Float64Array')
  }
  if (!Array.isArray(inputs) || inputs.length === 0) refuse('inputs', inputs, 'an array of names')
  const names = inputs.map((input) => (typeof input === 'string' ? input : input?.name))
  checkNames(names, (i) => `inputs[${i}]`)
  const count = events.length / names.length
  if (!Number.isInteger(count) || count === 0) {
    refuse('events', events, `a positive multiple of ${names.length} numbers (${counted(names.length, 'input')})`)
  }
  if (!Object.hasOwn(PRESETS, preset)) refuse('preset', preset, `one of ${Object.keys(PRESETS).join(', ')}`)
  if (!targets && !teacher) throw new ConfigurationError('teacher: none, and no targets either')
  if (targets && teacher)
    throw new ConfigurationError('teacher: given, and targets too; only one of them can be learnt')
  const recipe = PRESETS[preset]
  const { hiddenActivations, outputActivation } = activations(options)
  if (recipe.incoming === 'zero' && options.rule !== null) hiddenActivations.forEach(checkAwake)
  const holdout = holdoutOf(options, count)
  const trained = count - (typeof holdout === 'number' ? Math.round(count * holdout) : holdout.length)
  if (trained === 0) throw new ConfigurationError(`holdout: leaves none of ${counted(count, 'event')} to train with`)
  const outputs = options.outputs ?? teacher?.outputs ?? ['score']
  if (!Array.isArray(outputs)) refuse('outputs', outputs, 'an array of names')
  if (teacher) checkTeacher(teacher, names)
  checkNames(outputs, (i) => `outputs[${i}]`)
  return {
    ...options,
    ...sizes(options, recipe, trained, outputActivation),
    count,
    names,
    outputs,
    trained,
    holdout,
    recipe,
    presetName: preset,
    activation: hiddenActivations[0] ?? 'sigmoid',
    outputActivation,
    order: choice(options, 'order', ['shuffled', 'given']),
    scaling: choice(options, 'scaling', ['deviation', 'quantiles']),
    rule: ruleOf(options, recipe),
  }
}

function sizes(options: DistillOptions, recipe: Preset, trained: number, outputActivation: Activation) {
  if (options.layers && options.hidden) refuse('hidden', options.hidden, 'none beside layers, which have their own')
  const { hidden = options.layers?.slice(0, -1).map((layer) => layer.bias.length) ?? [5] } = options
  const whole = (least: number, most: number) => (x: number) => Number.isInteger(x) && x >= least && x <= most
  if (!Array.isArray(hidden)) refuse('hidden', hidden, 'an array of numbers of units')
  for (const [k, units] of hidden.entries()) {
    if (!whole(1, MOST_UNITS)(units)) refuse(`hidden[${k}]`, units, `a whole number from 1 to ${MOST_UNITS}`)
  }
  const widths = [options.inputs.length, ...hidden, (options.outputs ?? options.teacher?.outputs ?? ['score']).length]
  checkParameters(widths.slice(1).reduce((sum, units, k) => sum + units * (widths[k]! + 1), 0))
  const positive = (x: number) => x > 0 && Number.isFinite(x)
  return {
    hidden,
    epochs: number(options, 'epochs', recipe.epochs, whole(1, 1e9), 'a whole number from 1'),
    batch: number(
      options,
      'batch',
      Math.min(recipe.batch, trained),
      whole(1, trained),
      `a whole number from 1 to ${trained} (events to train with)`,
    ),
    learningRate: number(options, 'learningRate', usualRate(recipe, outputActivation), positive, 'a positive number'),
    seed: number(options, 'seed', 1, whole(0, Number.MAX_SAFE_INTEGER), 'a whole number from 0'),
    maxHidden: number(options, 'maxHidden', recipe.maxHidden, (x) => x >= 0, 'a number from 0'),
    targetMse: number(options, 'targetMse', 0, (x) => x >= 0, 'a number from 0'),
  }
}

/** Made for sigmoid outputs, whose slope is ¼ at most; that of a linear one is 1. */
function usualRate({ loss, learningRate }: Preset, outputActivation: Activation): number {
  return loss === 'cross-entropy' && outputActivation === 'linear' ? learningRate / 4 : learningRate
}

function number<Key extends keyof DistillOptions>(
  options: DistillOptions,
  key: Key,
  usual: number,
  fits: (value: number) => boolean,
  expected: string,
): number {
  const value = options[key] ?? usual
  if (typeof value !== 'number' || !fits(value)) refuse(key, value, expected)
  return value
}

/** Of the layers that are given, or as the options say. */
function activations({ layers, activation = 'sigmoid', outputActivation = 'sigmoid' }: DistillOptions) {
  if (layers !== undefined) {
    if (!Array.isArray(layers) || layers.length === 0) refuse('layers', layers, 'an array of layers')
    layers.forEach(checkArrays)
    const given: Activation[] = layers.map((layer) => layer.activation)
    return { hiddenActivations: given.slice(0, -1), outputActivation: given.at(-1)! }
  }
  for (const [key, value] of Object.entries({ activation, outputActivation })) {
    if (!ACTIVATIONS.includes(value)) refuse(key, value, `one of ${ACTIVATIONS.join(', ')}`)
  }
  return { hiddenActivations: [activation], outputActivation }
}

/** The rest of a layer is checked with the network that it becomes a part of. */
function checkArrays(layer: Partial<Layer> | null | undefined, k: number): void {
  for (const key of ['weights', 'bias'] as const) {
    if (!(layer?.[key] instanceof Float32Array)) refuse(`layers[${k}].${key}`, layer?.[key], 'a Float32Array')
  }
}

/** The first choice unless another is given. */
function choice<Key extends 'order' | 'scaling'>(
  options: DistillOptions,
  key: Key,
  choices: readonly NonNullable<DistillOptions[Key]>[],
): NonNullable<DistillOptions[Key]> {
  const value = options[key] ?? choices[0]!
  if (!choices.includes(value)) refuse(key, value, choices.map(shown).join(' or '))
  return value
}

/** A fraction, or the numbers of events, each once. */
function holdoutOf(options: DistillOptions, count: number): number | Uint32Array {
  const { holdout = 0 } = options
  if (typeof holdout !== 'object' || holdout === null) {
    return number(options, 'holdout', 0, (x) => x >= 0 && x < 1, 'a fraction from 0 to below 1')
  }
  if (!Array.isArray(holdout) && !ArrayBuffer.isView(holdout)) {
    refuse('holdout', holdout, 'a fraction, or an array of numbers of events')
  }
  const seen = new Uint8Array(count)
  for (let i = 0; i < holdout.length; i++) {
    const n = holdout[i]!
    if (!Number.isInteger(n) || n < 0 || n >= count) refuse(`holdout[${i}]`, n, `a whole number from 0 to ${count - 1}`)
    if (seen[n]) refuse(`holdout[${i}]`, n, 'each event once')
    seen[n] = 1
  }
  return Uint32Array.from(holdout)
}

function ruleOf({ rule, growth = {} }: DistillOptions, recipe: Preset): GrowthRule {
  if (rule === null) return NEVER
  if (rule !== undefined && typeof rule.grows !== 'function') refuse('rule', rule, 'an object with a method grows')
  return rule ?? recipe.rule(growth)
}

/** @throws ConfigurationError where the teacher would be given other values than it takes for its inputs */
function checkTeacher(teacher: Teacher, names: readonly string[]): void {
  if (!Array.isArray(teacher.inputs) || typeof teacher.predictBatch !== 'function') {
    refuse('teacher', teacher, 'an object with inputs, outputs and predictBatch')
  }
  const { inputs } = teacher
  if (inputs.length !== names.length) {
    const wanted = `${counted(inputs.length, 'input')} (${inputs.join(', ')})`
    throw new ConfigurationError(`inputs: ${counted(names.length, 'name')}, but the teacher has ${wanted}`)
  }
  const moved = names.findIndex((name, i) => name !== inputs[i] && inputs.includes(name))
  if (moved >= 0) {
    const order = `the teacher takes them in the order ${inputs.join(', ')}`
    throw new ConfigurationError(`inputs[${moved}]: ${shown(names[moved])}, but ${order}`)
  }
}
