/** Models as jobs are given them. */
import { Drone, formatJSON, type Teacher } from 'nndrone'
import { DroneModel, type Model } from '../models/index.ts'

/** A model of a file, a program or a service as it is; a drone or any other teacher as one that has no file. */
export function asModel(teacher: Teacher | Model): Model {
  if (teacher instanceof Drone) return asDroneModel(teacher)
  if ('file' in teacher) return teacher
  const { inputs, outputs } = teacher
  return {
    ...{ file: { path: 'the teacher', name: 'teacher' }, inputs, outputs },
    optional: new Set(),
    predictBatch: (events) => teacher.predictBatch(events),
    describe: () => ({ format: 'teacher', inputs, outputs }),
  }
}

export function asDroneModel(drone: Drone | DroneModel): DroneModel {
  if (drone instanceof DroneModel) return drone
  return new DroneModel({ path: 'the drone', bytes: Buffer.from(formatJSON(drone.toJSON())) })
}
