/** What every exporter starts from: the network, its cuts, and the line that says how the file was made. */
import { createHash } from 'node:crypto'
import { ARITHMETIC_VERSION, type Cuts, type Drone, formatJSON, type Network } from 'nndrone'
import { InputError } from '../../errors.ts'
import manifest from '../../package.json' with { type: 'json' }
import type { ModelFile } from '../model.ts'

export interface Exported {
  readonly network: Network
  readonly cuts: Cuts
  /** Of the drone's JSON. */
  readonly sha256: string
  /** How the file was made: nothing of the machine or the time, so that the same drone gives the same file. */
  readonly made: string
}

/** What can be exported: a drone, or one that was opened with its file. */
export type Exportable = Drone | { readonly drone: Drone; readonly file: ModelFile }

/** @param source a drone, whose hash is that of the JSON that `formatJSON` writes, or an opened file, whose own it is */
export function exported(source: Exportable): Exported {
  const opened = 'file' in source
  const drone = opened ? source.drone : source
  const document = opened ? source.file.bytes! : `${formatJSON(drone)}\n`
  const sha256 = createHash('sha256').update(document).digest('hex')
  const { network, cuts } = drone
  const made = `Made by nndrone export ${manifest.version} from the drone with sha256 ${sha256}, arithmetic ${ARITHMETIC_VERSION}.`
  return { network, cuts, sha256, made }
}

/** Units of the inputs and of every layer, as `6 → 15 → 1`. */
export function shapeOf({ inputs, layers }: Network): string {
  return [inputs.length, ...layers.map(({ bias }) => bias.length)].join(' → ')
}

/**
 * Checks that all names can be written in UTF-8, and hold none of some characters.
 * @throws InputError that names the first that cannot
 */
export function checkTexts({ network, cuts }: Exported, what: string, alien?: RegExp): void {
  const names: [place: string, name: string][] = [
    ...network.inputs.map(({ name }, i): [string, string] => [`inputs[${i}].name`, name]),
    ...network.outputs.map((name, i): [string, string] => [`outputs[${i}]`, name]),
    ...Object.keys(cuts).map((name): [string, string] => ['nndrone.cuts', name]),
  ]
  for (const [place, name] of names) {
    if (!/\p{Surrogate}/u.test(name) && !alien?.test(name)) continue
    throw new InputError(`${place}: ${JSON.stringify(name)} cannot be a name in ${what}; name it otherwise`)
  }
}
