/** What follows from a caller's options: every one checked, every default filled in, before anything is done. */
import { ConfigurationError, counted, lengthOf, refuse, shown } from '../errors.ts'
import type { Activation } from '../model/activations.ts'
import type { Teacher } from '../model/teacher.ts'
import { checkOptions } from '../options.ts'
import { numberOf, whole } from './checks.ts'
import { type Data, dataOf, trainedOf } from './data.ts'
import { DISTILL_OPTIONS, type DistillOptions } from './options.ts'
import { checkCoordinates } from './questions/names.ts'
import type { Recipe } from './recipe.ts'
import { type Schedule, scheduleOf } from './schedule.ts'
import { outputsOf, type Shape, shapeOf } from './shape.ts'

export interface Plan {
  data: Data
  shape: Shape
  schedule: Schedule
}

/** @throws ConfigurationError that names the option and the value */
export function plan(given: DistillOptions): Plan {
  if (typeof given !== 'object' || given === null) refuse('options', given, 'an object')
  checkOptions('distill', given, DISTILL_OPTIONS)
  const named = renamed(given)
  const data = dataOf(named)
  checkSource(named, data)
  checkLabels(named, data)
  checkSignal(named)
  const options = named.parameters === undefined ? named : withinParameters(named, data.names.length)
  const shape = shapeOf(options, data.names.length)
  checkTargets(options, data, shape)
  const schedule = scheduleOf(options, shape, data.names.length, trainedOf(data.holdout, data.count))
  return { data, shape: schedule.recipe ? spacious(shape, schedule.recipe, options.activation) : shape, schedule }
}

/** The options of the largest drone of one hidden layer that has no more parameters; growth starts from five units. */
function withinParameters(options: DistillOptions, inputs: number): DistillOptions {
  const { hidden, maxHidden, layers } = options
  const other = Object.entries({ hidden, maxHidden, layers }).find(([, value]) => value !== undefined)
  if (other) throw new ConfigurationError(`parameters: given, and ${other[0]} too; only one of them can be the size`)
  const outputs = outputsOf(options).length
  const each = inputs + 1 + outputs
  const least = each + outputs
  const fits = (value: number) => Number.isInteger(value) && value >= least
  const expected = `a whole number from ${least} (one hidden unit, ${counted(inputs, 'input')}, ${counted(outputs, 'output')})`
  const units = Math.floor((numberOf(options, 'parameters', least, fits, expected) - outputs) / each)
  return { ...options, hidden: [options.rule === null ? units : Math.min(5, units)], maxHidden: units }
}

/** The shape that the recipe starts from, unless there are layers already. */
function spacious(shape: Shape, { start }: Recipe, activation: Activation = 'tanh'): Shape {
  return shape.layers ? shape : { ...shape, hidden: start, activations: start.map(() => activation) }
}

/** Options by their present names. */
function renamed({ batch, ...options }: DistillOptions): DistillOptions {
  if (batch === undefined || batch === null) return options
  if (options.batchSize !== undefined) {
    throw new ConfigurationError('batch: cannot be combined with batchSize, which is its new name')
  }
  return { ...options, batchSize: batch }
}

function checkSignal({ signal }: DistillOptions): void {
  if (signal && !('aborted' in signal)) refuse('signal', signal, 'an AbortSignal')
}

function checkLabels({ labels }: DistillOptions, { count }: Data): void {
  if (!labels) return
  if (labels.length !== count) {
    throw new ConfigurationError(`labels: ${lengthOf(labels, 'number')}, expected ${count} (one for each event)`)
  }
  for (let n = 0; n < count; n++) {
    const label = labels[n]
    if (label === 0 || label === 1 || Number.isNaN(label)) continue
    refuse(`labels[${n}]`, label, '1 (signal), 0 (background) or NaN (unknown)')
  }
}

function checkSource(options: DistillOptions, { names }: Data): void {
  const { teacher, targets, coordinates } = options
  const questions = numberOf(options, 'questions', 0, whole(0, 1e9), 'a whole number from 0')
  if (!targets && !teacher)
    throw new ConfigurationError('teacher: not given, and no targets either; distill needs one of them')
  if (targets && teacher && questions === 0) {
    throw new ConfigurationError('teacher: cannot be combined with targets, unless it is asked `questions` more')
  }
  if (questions > 0 && !teacher) {
    throw new ConfigurationError(`questions: ${questions}, but there is no teacher to ask`)
  }
  if (coordinates !== undefined) {
    if (questions === 0) throw new ConfigurationError('coordinates: given, but no `questions` are asked')
    checkCoordinates(coordinates, names)
  }
  if (teacher) checkTeacher(teacher, names)
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

function checkTargets({ targets }: DistillOptions, { count }: Data, { outputs }: Shape): void {
  const expected = count * outputs.length
  if (!targets || targets.length === expected) return
  const shape = `${counted(count, 'event')} × ${counted(outputs.length, 'output')}`
  throw new ConfigurationError(`targets: ${counted(targets.length, 'number')}, expected ${expected} (${shape})`)
}
