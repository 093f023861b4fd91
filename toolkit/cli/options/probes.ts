/** Options of what asks a teacher about events that were made up. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Ranges } from '../../jobs/probe.ts'
import { METHODS } from '../../probe/index.ts'
import { names } from './values.ts'

export function addRangeOption(command: Command): Command {
  return command.option(
    '--range <name=from:to>',
    'the range of a feature, for probes without events; once for each feature',
    range,
  )
}

export function methodOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(METHODS)
}

/** How made events are moved, where that is not as it is found. */
export function coordinatesOption(): Option {
  return new Option(
    '--coordinates <list>',
    'how made events are moved, as log(pt),eta,log(max - min),…; as the events tell unless given',
  ).argParser(names)
}

/** NAME=FROM:TO, added to those before. */
function range(text: string, before: Ranges = {}): Ranges {
  const [, name, from, to] = /^(.+)=([^=:]+):([^=:]+)$/.exec(text) ?? []
  const [least, greatest] = [Number(from), Number(to)]
  if (name === undefined || !(least <= greatest) || !Number.isFinite(greatest - least)) {
    throw new InvalidArgumentError('Expected NAME=FROM:TO, two numbers in order.')
  }
  if (Object.hasOwn(before, name.trim())) throw new InvalidArgumentError(`"${name.trim()}" has a range already.`)
  return Object.fromEntries([...Object.entries(before), [name.trim(), [least, greatest]]])
}
