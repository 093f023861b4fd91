/** Coordinates as people write them: `pt`, `log(pt)`, `max_pt - min_pt`, `log(max_pt - min_pt)`. */
import { refuse } from '../../errors.ts'
import type { Coordinate } from './coordinates.ts'

export interface NamedCoordinate {
  column: number
  base: number | undefined
  logarithm: boolean
}

/** @throws ConfigurationError where it names what is no input */
export function readCoordinate(text: unknown, inputs: readonly string[], place: string): NamedCoordinate {
  const [, inner] = /^\s*log\((.*)\)\s*$/.exec(String(text)) ?? []
  for (const [body, logarithm] of [
    [String(text), false],
    [inner, true],
  ] as const) {
    const found = body === undefined ? undefined : difference(body.trim(), inputs)
    if (found) return { ...found, logarithm }
  }
  return refuse(place, text, `NAME, NAME - NAME, log(NAME) or log(NAME - NAME), of ${inputs.join(', ')}`)
}

/** A name may have a minus in it. */
function difference(text: string, inputs: readonly string[]): Omit<NamedCoordinate, 'logarithm'> | undefined {
  const column = inputs.indexOf(text)
  if (column >= 0) return { column, base: undefined }
  for (let at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1)) {
    const sides = [text.slice(0, at), text.slice(at + 1)].map((name) => inputs.indexOf(name.trim()))
    if (sides.every((side) => side >= 0) && sides[0] !== sides[1]) return { column: sides[0]!, base: sides[1] }
  }
  return undefined
}

export function writtenCoordinate({ base, offset }: Coordinate, i: number, inputs: readonly string[]): string {
  const value = base === undefined ? inputs[i]! : `${inputs[i]} - ${inputs[base]}`
  return offset === undefined ? value : `log(${value})`
}

/** @throws ConfigurationError where one cannot be read */
export function checkCoordinates(given: readonly string[], inputs: readonly string[]): void {
  if (!Array.isArray(given)) refuse('coordinates', given, 'an array of names, differences and logarithms')
  for (const [k, text] of given.entries()) readCoordinate(text, inputs, `coordinates[${k}]`)
}
