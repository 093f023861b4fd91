/** Names for the columns of tensors, which have a name of their own at most. */
import { InputError } from '../errors.ts'
import { numbered, repeated } from './names.ts'

/** A tensor of some columns an event. */
export interface Port {
  name: string
  columns: number
}

/** A column of an answer. */
export interface Column {
  output: string
  index: number
  name: string
}

/** A column has the name of its input, and a number where there are several; columns of the only input are x0, x1, … */
export function inputNames(ports: readonly Port[]): string[] {
  const [only, ...more] = ports
  return only && only.columns > 1 && more.length === 0 ? numbered('x', only.columns) : columnNames(ports)
}

/**
 * A column has the name of its tensor, and a number where there are several. Where the names of two columns would be one,
 * as those of `y` with twelve columns beside `y1` with two, something stands before the number.
 */
export function columnNames(ports: readonly Port[]): string[] {
  let names: string[]
  let between = ''
  do {
    names = ports.flatMap(({ name, columns }) => (columns === 1 ? name : numbered(`${name}${between}`, columns)))
    between += '_'
  } while (repeated(names) !== undefined && between.length < 256)
  return names
}

/** Of outputs of floats the one that has "prob" in its name, else all. */
export function probabilitiesFirst(outputs: readonly string[]): readonly string[] {
  const probability = outputs.find((name) => /prob/i.test(name))
  return probability === undefined ? outputs : [probability]
}

/**
 * The columns that are answers: all of them. But two columns of a single output that sum to 1 are the probabilities of
 * classes 0 and 1, of which the second is taken.
 * @param where names the teacher; @param first what is answered to some event: the numbers of each output
 * @throws InputError where an output has none
 */
export function answerColumns(where: string, first: ReadonlyMap<string, ArrayLike<number>>): Column[] {
  const empty = [...first].find(([, { length }]) => length === 0)
  if (empty)
    throw new InputError(`${where}: ${JSON.stringify(empty[0])}: no number for an event, expected at least one`)
  const names = columnNames([...first].map(([name, { length }]) => ({ name, columns: length })))
  const places = [...first].flatMap(([output, { length }]) => Array.from({ length }, (_, index) => ({ output, index })))
  const columns = places.map((place, i) => ({ ...place, name: names[i]! }))
  const [only, ...more] = first.values()
  if (more.length > 0 || only?.length !== 2) return columns
  const [p, q] = [only[0]!, only[1]!]
  return p >= 0 && q >= 0 && Math.abs(p + q - 1) < 1e-3 ? [{ ...columns[1]!, name: columns[1]!.output }] : columns
}
