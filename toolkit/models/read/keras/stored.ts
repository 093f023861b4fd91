/** Where files keep the weights of a layer. */
import type { InputError } from '../../../errors.ts'
import type { HDF5Group } from '../../keras/hdf5.ts'
import type { Stored } from '../../keras/weights.ts'
import type { Node } from './config.ts'
import type { Name } from './entry.ts'

type Fail = (message: string) => InputError

/** The weights of a file that may hold nothing else. */
export function weightsOf(root: HDF5Group, fail: Fail): (node: Node) => Stored[] {
  const weights = root.group('model_weights') ?? root
  return weights.texts('layer_names').length > 0 ? listedWeights(weights, fail) : numberedWeights(root)
}

/**
 * As Keras 1 and 2 save them: a layer has a group that lists its weights, and a model within the model one for all its
 * layers. There Keras has the names of layers in those of the weights; where they are not, each takes the next.
 */
export function listedWeights(root: HDF5Group, fail: Fail): (node: Node) => Stored[] {
  const shared = new Map<string, Stored[]>()
  return ({ name, className, where, owners }) => {
    const [owner] = owners
    if (!owner) return weightsIn(root, name, where, fail)
    const all = shared.get(owner.name) ?? weightsIn(root, owner.name, where, fail)
    shared.set(owner.name, all)
    const own = all.filter((stored) => within(stored.name, owners).includes(name))
    if (own.length > 0) {
      all.splice(0, all.length, ...all.filter((stored) => !own.includes(stored)))
      return own
    }
    // Keras lists what is not trained behind what is, which only names can put in order again.
    if (UNTRAINED.includes(className)) throw fail(`${where}: its weights cannot be told from those of other layers`)
    return all
  }
}

/** Layers that have weights which are not trained. */
const UNTRAINED = ['BatchNormalization', 'Normalization']

/** The parts of a weight's name before the last, without the models that it is part of. */
function within(name: string, owners: readonly Name[]): string[] {
  const parts = name.split('/').slice(0, -1)
  for (const owner of owners) if (parts.length > 1 && parts[0] === owner.name) parts.shift()
  return parts
}

function weightsIn(root: HDF5Group, name: string, where: string, fail: Fail): Stored[] {
  const group = root.group(name)
  return (group?.texts('weight_names') ?? []).map((path) => {
    const numbers = group!.numbers(path)
    if (numbers) return numbers
    throw fail(`${where}: weights ${JSON.stringify(path)} are not in the file`)
  })
}

/** The groups of layers, in Keras 3 and in TensorFlow 2.12 to 2.15. */
const CONTAINERS = { numbered: 'layers', counted: '_layer_checkpoint_dependencies' }

/** As `.keras` and Keras 3 save them: a layer's group has its class as a name, its weights 0, 1, … in their order. */
export function numberedWeights(root: HDF5Group): (node: Node) => Stored[] {
  return ({ unique, owners }) => {
    const names = [...owners.map((owner) => owner.unique), unique]
    const group = names.reduce<HDF5Group | undefined>((within, name) => within && layerIn(within, name), root)
    const own = numbersIn(group?.group('vars'))
    // TimeDistributed keeps those of the layer in it.
    return own.length > 0 ? own : numbersIn(group?.group('layer/vars'))
  }
}

function numbersIn(vars: HDF5Group | undefined): Stored[] {
  const stored: Stored[] = []
  for (let next = vars?.numbers('0'); next; next = vars!.numbers(`${stored.length}`)) stored.push(next)
  return stored
}

/**
 * A layer's group. In TensorFlow 2.12 to 2.15 the numbers have gaps, because a layer is counted twice and saved once: the
 * second of its class has the second group.
 */
function layerIn(within: HDF5Group, unique: string): HDF5Group | undefined {
  const counted = within.group(CONTAINERS.counted)
  if (!counted) return within.group(CONTAINERS.numbered)?.group(unique)
  const [, name, number = '0'] = /^(.*?)(?:_(\d+))?$/.exec(unique)!
  const places = counted.names().flatMap((key) => {
    const rest = key === name ? '0' : key.startsWith(`${name}_`) ? key.slice(name!.length + 1) : ''
    return /^\d+$/.test(rest) ? [{ key, place: Number(rest) }] : []
  })
  const found = places.sort((a, b) => a.place - b.place)[Number(number)]
  return found && counted.group(found.key)
}
