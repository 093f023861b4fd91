/** Names for the columns of tensors, which have a name of their own at most. */
import { InputError } from '../errors.ts'
import { numbered } from './names.ts'

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
  const only = ports.length === 1
  return ports.flatMap(({ name, columns }) => (columns === 1 ? name : numbered(only ? 'x' : name, columns)))
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
  const columns = [...first].flatMap(([output, { length }]) => {
    const names = length === 1 ? [output] : numbered(output, length)
    return names.map((name, index) => ({ output, index, name }))
  })
  const [only, ...more] = first.values()
  if (more.length > 0 || only?.length !== 2) return columns
  const [p, q] = [only[0]!, only[1]!]
  return p >= 0 && q >= 0 && Math.abs(p + q - 1) < 1e-3 ? [{ ...columns[1]!, name: columns[1]!.output }] : columns
}
