/** Layers that leave every number as it is: Flatten, Reshape, Dropout and what else acts in training only. */
import { type Description, type Layer, oneInput } from '../layer.ts'
import { short } from '../options.ts'
import { type Shape, size, type Values } from '../shape.ts'

class Unchanged implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []

  constructor(shape: Shape) {
    this.shape = shape
  }

  forward([x]: readonly Values[], y: Values): void {
    y.set(x!)
  }
}

/** Dropout, noise and penalties, which act in training only. */
export function unchanged(description: Description): Layer {
  description.options.skip('rate', 'noise_shape', 'stddev', 'seed', 'data_format', 'l1', 'l2')
  return new Unchanged(oneInput(description))
}

export function flatten(description: Description): Layer {
  description.options.only('data_format', 'channels_last')
  return new Unchanged([size(oneInput(description))])
}

export function reshape(description: Description): Layer {
  const { options } = description
  const before = oneInput(description)
  const target = options.take('target_shape')
  const known = Array.isArray(target) && target.every((length) => Number.isSafeInteger(length) && length >= -1)
  if (!known) throw options.error(`target_shape: ${short(target)}, expected whole numbers`)
  const rest = size(before) / size(target.filter((length) => length !== -1))
  const shape = target.map((length) => (length === -1 ? rest : length))
  if (size(shape) === size(before) && Number.isInteger(rest)) return new Unchanged(shape)
  throw options.error(`target_shape: [${target.join(', ')}], but the input has the shape [${before.join(', ')}]`)
}
