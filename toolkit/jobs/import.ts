/** A model that is a small dense net already becomes a drone, without any training. */
import { Drone } from 'nndrone'
import { InputError, OptionError } from '../errors.ts'
import { networkOfChain } from '../models/chain.ts'
import { DroneModel, type Model } from '../models/index.ts'
import { teacherRecord } from '../scaling/kept.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { counted, grouped, listed } from '../text.ts'

export interface ImportOptions {
  /** A model that was opened: of Keras, ONNX, lwtnn or TMVA. */
  model: Model
  /** What the inputs are called, in their order; as the model has them unless given. */
  features?: readonly string[]
  /** How events are standardised for a model whose file does not tell: it becomes part of the drone. */
  scaleFrom?: Scaling
}

/** The most parameters that are imported: a drone of more is slower than what runs the model already. */
const MOST = 1 << 20

/**
 * The drone that computes what a model does, where that is a chain of dense layers: its answers are those of the model,
 * within the rounding of float32.
 * @throws InputError that names what of the model a drone cannot be; OptionError where `features` do not fit
 * @example const drone = importDrone({ model: await openModel('model.onnx'), features: ['pt', 'eta'] })
 */
export function importDrone({ model, features, scaleFrom }: ImportOptions): Drone {
  const { path } = model.file
  if (model instanceof DroneModel) throw new InputError(`${path}: is a drone already`)
  if (!model.chain) throw new InputError(`${path}: is no dense network; distil a drone from it instead`)
  const names = features ?? model.inputs
  if (names.length !== model.inputs.length) {
    const wanted = `${path} has ${counted(model.inputs.length, 'input')} (${listed(model.inputs)})`
    throw new OptionError('features', `${counted(names.length, 'name')}, but ${wanted}`)
  }
  if (scaleFrom && !model.unscaled) {
    throw new OptionError('scaleFrom', `${path} tells itself how its inputs are prepared`)
  }
  const scales = scaleFrom && scalesFor(scaleFrom, names, features !== undefined)
  const chain = model.chain()
  const network = networkOfChain(path, scales ? { ...chain, inputs: scales } : chain, names, model.outputs)
  const drone = Drone.from({ ...network, nndrone: { teacher: teacherRecord(model, names, scales) } })
  if (drone.parameters <= MOST) return drone
  const most = grouped(MOST)
  throw new InputError(`${path}: ${counted(drone.parameters, 'parameter')}, at most ${most} are imported`)
}
