/** The domain of a drone: the range of each input over the events that it was trained with. */
import type { Network } from './network.ts'

/** Least and greatest value. */
export type Range = readonly [least: number, greatest: number]

/**
 * The range of each input, undefined where the JSON does not tell. Anyone may have written it, so nothing of it is
 * taken for granted.
 * @example const [pt] = domainOf(drone.network) // [least, greatest], or undefined
 */
export function domainOf({ inputs, nndrone }: Network): (Range | undefined)[] {
  const domain = nndrone?.domain
  return inputs.map(({ name }) => {
    if (typeof domain !== 'object' || domain === null || !Object.hasOwn(domain, name)) return undefined
    const range: unknown = (domain as Record<string, unknown>)[name]
    return isRange(range) ? [range[0], range[1]] : undefined
  })
}

function isRange(value: unknown): value is Range {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)
}
