/** TimeDistributed: a layer for each row. Those that are read work row by row already. */
import type { Description, Layer, Make } from '../layer.ts'
import { short } from '../options.ts'

const BY_ROWS = ['Dense', 'Activation', 'LeakyReLU', 'ELU', 'ReLU', 'Dropout']

/** @param layers by class */
export function timeDistributed(description: Description, layers: Readonly<Record<string, Make>>): Layer {
  const { options } = description
  const given = options.take('layer')
  const { class_name: className, config } = (given ?? {}) as Record<string, unknown>
  if (typeof className !== 'string' || !BY_ROWS.includes(className)) {
    throw options.error(`layer: ${short(className)} is not read for each row, only ${BY_ROWS.join(', ')}`)
  }
  const inner = options.inner(className, config)
  const layer = layers[className]!({ ...description, options: inner })
  inner.done()
  return layer
}
