/** How the layers of a functional model are called: with which tensors of which others. */
import type { InputError } from '../../../errors.ts'
import { short } from '../../keras/options.ts'
import { type Entry, type Fail, plain } from './entry.ts'

/** What a layer put out: most have one output, a model within the model may have several. */
export interface Tensor {
  layer: string
  output: number
}

/** The tensors that a layer is called with. */
export function callOf({ calls, where }: Entry, fail: Fail): Tensor[] {
  if (!Array.isArray(calls) || calls.length !== 1) {
    throw fail(`${where}: is used ${Array.isArray(calls) ? calls.length : 0} times, expected once`)
  }
  const { args = calls[0], kwargs } = plain(calls[0])
  if (!idle(kwargs)) throw fail(`${where}: called with ${short(kwargs)}, which is not known`)
  const inputs = tensors(args, (value) => fail(`${where}: input ${short(value)} is not known`))
  if (inputs.length === 0) throw fail(`${where}: no input`)
  return inputs
}

/**
 * All tensors in a list, or in an object by name: `["name", 0, 0]`, or with options behind, until Keras 3; since then
 * objects with such a list as their `keras_history`. The numbers tell the uses and the outputs of a layer apart.
 */
export function tensors(value: unknown, fail: (value: unknown) => InputError): Tensor[] {
  if (Array.isArray(value) && typeof value[0] !== 'string') return value.flatMap((inside) => tensors(inside, fail))
  const { keras_history: history } = plain(plain(value).config)
  if (!Array.isArray(value) && history === undefined && isNamed(value)) {
    // In the order of the names, as Keras flattens them.
    return Object.keys(value)
      .sort()
      .flatMap((key) => tensors(value[key], fail))
  }
  const tensor = Array.isArray(value) ? value : history
  const [layer, use, output, options] = Array.isArray(tensor) ? tensor : []
  const known = typeof layer === 'string' && use === 0 && Number.isSafeInteger(output) && output >= 0
  if (known && idle(options)) return [{ layer, output }]
  throw fail(value)
}

/** An object of tensors, each a list. */
function isNamed(value: unknown): value is Readonly<Record<string, unknown>> {
  const values = Object.values(plain(value))
  return values.length > 0 && values.every(Array.isArray)
}

/** Whether no option of a call says more than that nothing is trained. */
function idle(options: unknown): boolean {
  return Object.values(plain(options)).every((value) => value === null || value === false)
}
