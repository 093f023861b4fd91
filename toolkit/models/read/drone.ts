/** Drones, ours or any sequential network of lwtnn. */
import { Drone, DroneError, domainOf, type Network, type Range } from 'nndrone'
import { InputError } from '../../errors.ts'
import { isJSONWith } from '../document.ts'
import type { Description, Model, ModelFile, ModelFormat } from '../model.ts'

export const drone: ModelFormat = {
  matches: (file) => isJSONWith(file, 'inputs') || isJSONWith(file, 'layers'),
  read: (file) => new DroneModel(file),
}

export class DroneModel implements Model {
  readonly file: ModelFile
  readonly drone: Drone
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string>
  readonly record: DroneRecord
  readonly #network: Network
  /** Where several outputs go. */
  readonly #scores: Float32Array | undefined

  /** @throws InputError that names the file, the place in it and the value */
  constructor(file: ModelFile) {
    this.file = file
    this.drone = read(file)
    this.inputs = this.drone.inputs
    this.outputs = this.drone.outputs
    this.#network = this.drone.network
    this.#scores = this.outputs.length > 1 ? new Float32Array(this.outputs.length) : undefined
    this.optional = new Set(this.#network.inputs.filter((i) => i.default !== undefined).map((i) => i.name))
    this.record = readRecord(this.#network)
  }

  predict(event: ArrayLike<number>): unknown {
    return this.#scores ? this.drone.predictInto(event, this.#scores) : this.drone.predict(event)
  }

  predictBatch(events: Float32Array | Float64Array): Float32Array {
    return this.drone.predictBatch(events)
  }

  describe(): Description {
    const { inputs, layers, outputs, nndrone, miscellaneous } = this.#network
    const { version, arithmetic, domain: _, ...rest } = nndrone ?? {}
    const facts = {
      format: nndrone ? 'nndrone' : 'lwtnn sequential',
      version,
      arithmetic,
      parameters: this.drone.parameters,
      inputs: inputs.map((input, i) => ({ ...input, domain: this.record.domain[i] })),
      layers: layers.map(({ activation, weights, bias }) => {
        return { inputs: weights.length / bias.length, units: bias.length, activation }
      }),
      outputs,
      miscellaneous,
    }
    // Whatever else its maker wrote, which must not pass for any of the above.
    return { ...facts, ...rest, ...facts }
  }
}

function read({ path, bytes }: ModelFile): Drone {
  try {
    return Drone.from(new TextDecoder().decode(bytes))
  } catch (error) {
    if (error instanceof DroneError) throw new InputError(`${path}: ${error.message}`)
    throw error
  }
}

/** What the JSON tells of a drone's making. Anyone may have written it, so nothing of it is taken for granted. */
export interface DroneRecord {
  /** The range of each input over the training events. */
  domain: readonly (Range | undefined)[]
  epochs: number | undefined
  growths: readonly number[] | undefined
}

function readRecord(network: Network): DroneRecord {
  const training = child(network.nndrone, 'training')
  const epochs = training?.epochs
  return {
    domain: domainOf(network),
    epochs: typeof epochs === 'number' ? epochs : undefined,
    growths: numbers(training?.growths),
  }
}

function child(parent: Readonly<Record<string, unknown>> | undefined, key: string) {
  const value = parent?.[key]
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
}

function numbers(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.every((item) => Number.isFinite(item)) ? value : undefined
}
