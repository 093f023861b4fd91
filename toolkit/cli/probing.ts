/** Options of what asks a teacher about events that were made up. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { isLike, METHODS, type Method, probesWithin, type Range, type WithinMethod } from '../probe/index.ts'

/** The range of each feature, by name. */
export type Ranges = ReadonlyMap<string, Range>

export function addRangeOption(command: Command): Command {
  return command.option(
    '--range <name=from:to>',
    'the range of a feature, for probes without events; once for each',
    range,
  )
}

export function methodOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(METHODS)
}

/** NAME=FROM:TO, added to those before. */
function range(text: string, before: Ranges = new Map()): Ranges {
  const [, name, from, to] = /^(.+)=([^=:]+):([^=:]+)$/.exec(text) ?? []
  const [least, greatest] = [Number(from), Number(to)]
  if (name === undefined || !(least <= greatest) || !Number.isFinite(greatest - least)) {
    throw new InvalidArgumentError('Expected NAME=FROM:TO, two numbers in order.')
  }
  if (before.has(name.trim())) throw new InvalidArgumentError(`"${name.trim()}" has a range already.`)
  return new Map([...before, [name.trim(), [least, greatest]]])
}

/** The method for probes in ranges alone, where no events are that they could be like. */
export function withinMethod(method: Method = 'uniform'): WithinMethod {
  if (!isLike(method)) return method
  throw new UsageError(`${method} needs events that the probes are to be like`)
}

/**
 * Probes in the ranges of these features, which are all ranges where none are named.
 * @returns [count × features]
 * @throws UsageError where a feature has no range, or a range no feature
 */
export function probesIn(
  ranges: Ranges,
  features: readonly string[],
  method: WithinMethod,
  count: number,
  seed: number,
) {
  const without = features.find((name) => !ranges.has(name))
  if (without !== undefined) throw new UsageError(`--range: none for ${JSON.stringify(without)}`)
  const more = [...ranges.keys()].find((name) => !features.includes(name))
  if (more !== undefined)
    throw new UsageError(`--range: ${JSON.stringify(more)} is no feature (${features.join(', ')})`)
  return probesWithin(
    features.map((name) => ranges.get(name)!),
    method,
    count,
    seed,
  )
}
