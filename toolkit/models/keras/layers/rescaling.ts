/** Rescaling: y = x · scale + offset, each of them a number for all channels or one for each. */
import { type Description, type Layer, oneInput } from '../layer.ts'
import { type Options, short } from '../options.ts'
import type { Values } from '../shape.ts'
import { Affine } from './normalization.ts'

export function rescaling(description: Description): Layer {
  const { options } = description
  const shape = oneInput(description)
  const channels = shape.at(-1)!
  return new Affine(shape, [], perChannel('scale', 1, channels, options), perChannel('offset', 0, channels, options))
}

function perChannel(name: string, otherwise: number, channels: number, options: Options): Values {
  const value = options.take(name) ?? otherwise
  const list = Array.isArray(value) ? value.flat(4) : Array<unknown>(channels).fill(value)
  if (list.length === channels && list.every((item) => Number.isFinite(item))) return Float64Array.from(list)
  throw options.error(`${name}: ${short(value)}, expected a number, or ${channels} of them`)
}
