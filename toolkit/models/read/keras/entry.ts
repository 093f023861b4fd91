/** The layers of a model as its file lists them. */
import type { InputError } from '../../../errors.ts'
import { short } from '../../keras/options.ts'
import { type Shape, size } from '../../keras/shape.ts'

export type Fail<Given = string> = (given: Given) => InputError
export type Plain = Readonly<Record<string, unknown>>

/** By what a layer's weights are found: its name, and its class in snake case, numbered among its like in the order of the file. */
export interface Name {
  name: string
  unique: string
}

/** A layer as the file has it, its inputs not yet looked at. */
export interface Entry extends Name {
  className: string
  options: Plain
  /** As messages name it. */
  where: string
  calls: unknown
}

/** Limits of a model that is meant: numbers of an event, and layers. */
export const LARGEST = { event: 1 << 20, layers: 1 << 12 }

export const MODELS = ['Sequential', 'Functional', 'Model']

/** Whether a layer is a model of its own. */
export function isModel({ className }: Pick<Entry, 'className'>): boolean {
  return MODELS.includes(className)
}

/** @param within as messages name the model that the layers are part of */
export function entriesOf(inside: unknown, within: string, fail: Fail): Entry[] {
  // Keras 1 and 2.1 list the layers of a Sequential; later ones give it a name beside them.
  const layers = Array.isArray(inside) ? inside : plain(inside).layers
  if (!Array.isArray(layers) || layers.length === 0) throw fail(`${within || 'model_config: '}no layers`)
  if (layers.length > LARGEST.layers) throw fail(`${layers.length} layers, at most ${LARGEST.layers} can be read`)
  return numbered(layers.map((layer, i) => entryOf(layer, `${within}layers[${i}]`, fail)))
}

function entryOf(layer: unknown, at: string, fail: Fail): Entry {
  const { class_name: className, name: outside, config, module, inbound_nodes: calls } = plain(layer)
  const options = plain(config)
  const name = options.name ?? outside
  if (typeof className !== 'string' || typeof name !== 'string') throw fail(`${at}: no class_name or no name`)
  const where = `${at} (${className} "${name}")`
  const entry = { className, name, unique: '', options, where, calls }
  // Keras 3 has operations beside layers, and layers of one's own, by the same names.
  const known = module === undefined || module === 'keras.layers' || (isModel(entry) && /^keras\b/.test(String(module)))
  if (known || /^qkeras\b/.test(String(module))) return entry
  throw fail(`${where}: of module ${short(module)}, which is not known`)
}

function numbered(entries: readonly Entry[]): Entry[] {
  const counts = new Map<string, number>()
  return entries.map((entry) => {
    const name = snakeCase(entry.className)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return { ...entry, unique: count === 0 ? name : `${name}_${count}` }
  })
}

/** As Keras does (keras/src/utils/naming.py): PReLU is p_re_lu, and Conv1D is conv1d. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

/** The shape of an event, from the first layer or from the model. */
export function inputShape({ options, where, ...entry }: Entry, fail: Fail, build?: unknown): Shape {
  const { input_dim: width } = options
  const whole =
    options.batch_input_shape ?? options.batch_shape ?? build ?? (width === undefined ? width : [null, width])
  if (!Array.isArray(whole)) {
    const [first] = isModel(entry) ? entriesOf(options, `${where}: `, fail) : []
    if (first) return inputShape(first, fail, options.build_input_shape)
    throw fail(`${where}: does not tell the shape of its input`)
  }
  const shape = whole.slice(1)
  const known = shape.length > 0 && shape.every((length) => Number.isSafeInteger(length) && length > 0)
  if (known && size(shape) <= LARGEST.event) return shape
  throw fail(
    `${where}: input shape ${JSON.stringify(whole)}, expected whole numbers after the first, at most ${LARGEST.event} in all`,
  )
}

export function plain(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {}
}
