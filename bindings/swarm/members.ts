/** The drones of a swarm as its members: by which names they go, and which inputs they bring. */
import { Drone } from '../drone.ts'
import { ConfigurationError, shown } from '../errors.ts'
import { toNetwork } from '../model/json.ts'
import type { Member } from './api.ts'

/**
 * A drone as a member of a swarm with these inputs.
 * @param open whether it may bring inputs of its own, which are appended
 * @throws ConfigurationError that names the drone
 */
export function memberOf(name: string, drone: unknown, inputs: readonly string[], open: boolean): Member {
  try {
    const network = drone instanceof Drone ? drone.network : toNetwork(drone)
    const names = [...inputs]
    const columns = network.inputs.map((input, i) => {
      const known = names.indexOf(input.name)
      if (known >= 0) return known
      if (open) return names.push(input.name) - 1
      const place = `inputs[${i}].name: ${shown(input.name)}`
      throw new ConfigurationError(`${place}, but this swarm has ${inputs.join(', ')}`)
    })
    return { name, network, columns, place: 0 }
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause
    throw new ConfigurationError(`drone ${shown(name)}: ${cause.message}`, { cause })
  }
}

/** The inputs of a swarm once a drone has joined it. */
export function inputsWith(inputs: readonly string[], { network, columns }: Member): readonly string[] {
  const names = [...inputs]
  for (const [i, { name }] of network.inputs.entries()) names[columns[i]!] = name
  return Object.freeze(names)
}

export function outputNames({ name, network: { outputs } }: Member): string[] {
  return outputs.length === 1 ? [name] : outputs.map((output) => `${name}.${output}`)
}

/** All that no other drone may be called. */
export function namesOf(member: Member): Set<string> {
  return new Set([member.name, ...outputNames(member)])
}

/** For each input the first drone that has no default for it. */
export function strictDrones(members: readonly Member[]): (string | undefined)[] {
  const names: (string | undefined)[] = []
  for (const { name, network, columns } of members) {
    for (const [i, input] of network.inputs.entries()) if (input.default === undefined) names[columns[i]!] ??= name
  }
  return names
}
