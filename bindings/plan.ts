/** What a caller asks of a distillation, and what follows from it: every option checked, every default filled in. */
import type { Teacher } from './distill.ts'
import type { Engine, EngineName, Numbers } from './engine.ts'
import { ConfigurationError, shown } from './errors.ts'
import { checkAwake, type GrowthRule, type RuleOptions } from './growth.ts'
import type { Epoch } from './history.ts'
import { ACTIVATIONS, type Activation, checkNames, counted, type Input, type Layer } from './network.ts'
import { PRESETS, type Preset, type PresetName } from './presets.ts'

/** An input by name alone is standardised: its offset and scale give the training events mean 0 and deviation 1. */
export type InputChoice = string | (Pick<Input, 'name'> & Partial<Input>)

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
  /** Ends the run once the MSE over an epoch is as low as this. */
  targetMse?: number
  /** Fraction of the events that are held out of the training and measured on; 0 unless given. */
  holdout?: number
  /** Called after each epoch; `total` is how many there will be. */
  onEpoch?(epoch: Epoch, total: number): void
  /** Ends the run, which resolves with the best drone so far. */
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
  holdout: number
  /** How many events, of `count`, are trained with. */
  trained: number
}

const NEVER: GrowthRule = { grows: () => false }

/** @throws ConfigurationError that names the option and the value */
export function plan(options: DistillOptions): Plan {
  const { events, inputs, teacher, targets, preset = 'best', growth = {} } = options
  if (!(events instanceof Float32Array || events instanceof Float64Array)) {
    fail('events', events, 'a Float32Array or a Float64Array')
  }
  if (!Array.isArray(inputs) || inputs.length === 0) fail('inputs', inputs, 'an array of names')
  const names = inputs.map((input) => (typeof input === 'string' ? input : input?.name))
  checkNames(names, (i) => `inputs[${i}]`)
  const count = events.length / names.length
  if (!Number.isInteger(count) || count === 0) {
    fail('events', events, `a positive multiple of ${names.length} numbers (${counted(names.length, 'input')})`)
  }
  if (!Object.hasOwn(PRESETS, preset)) fail('preset', preset, `one of ${Object.keys(PRESETS).join(', ')}`)
  if (!targets && !teacher) throw new ConfigurationError('teacher: none, and no targets either')
  if (targets && teacher)
    throw new ConfigurationError('teacher: given, and targets too; only one of them can be learnt')
  const recipe = PRESETS[preset]
  const hiddenActivation = activation(options, 'activation')
  if (recipe.incoming === 'zero' && options.rule !== null) checkAwake(hiddenActivation)
  const holdout = number(options, 'holdout', 0, (x) => x >= 0 && x < 1, 'a fraction from 0 to below 1')
  const trained = count - Math.round(count * holdout)
  const outputs = options.outputs ?? teacher?.outputs ?? ['score']
  checkNames(outputs, (i) => `outputs[${i}]`)
  return {
    ...options,
    ...sizes(options, recipe, trained),
    count,
    names,
    outputs,
    trained,
    holdout,
    recipe,
    presetName: preset,
    activation: hiddenActivation,
    outputActivation: activation(options, 'outputActivation'),
    order: options.order ?? 'shuffled',
    rule: options.rule === null ? NEVER : (options.rule ?? recipe.rule(growth)),
  }
}

function sizes(options: DistillOptions, recipe: Preset, trained: number) {
  const { hidden = options.layers?.slice(0, -1).map((layer) => layer.bias.length) ?? [5] } = options
  const whole = (least: number, most: number) => (x: number) => Number.isInteger(x) && x >= least && x <= most
  for (const [k, units] of hidden.entries()) {
    if (!whole(1, 2 ** 20)(units)) fail(`hidden[${k}]`, units, 'a whole number from 1')
  }
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
    learningRate: number(options, 'learningRate', recipe.learningRate, positive, 'a positive number'),
    seed: number(options, 'seed', 1, whole(0, Number.MAX_SAFE_INTEGER), 'a whole number from 0'),
    maxHidden: number(options, 'maxHidden', recipe.maxHidden, (x) => x >= 0, 'a number from 0'),
    targetMse: number(options, 'targetMse', 0, (x) => x >= 0, 'a number from 0'),
  }
}

function number<Key extends keyof DistillOptions>(
  options: DistillOptions,
  key: Key,
  usual: number,
  fits: (value: number) => boolean,
  expected: string,
): number {
  const value = options[key] ?? usual
  if (typeof value !== 'number' || !fits(value)) fail(key, value, expected)
  return value
}

function activation(options: DistillOptions, key: 'activation' | 'outputActivation'): Activation {
  const value = options[key] ?? 'sigmoid'
  if (!ACTIVATIONS.includes(value)) fail(key, value, `one of ${ACTIVATIONS.join(', ')}`)
  return value
}

function fail(path: string, value: unknown, expected: string): never {
  throw new ConfigurationError(`${path}: ${shown(value)}, expected ${expected}`)
}
