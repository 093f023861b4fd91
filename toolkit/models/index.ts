/** Trained models: files of any known format, programs and services, all of one interface. */
export type { FormatId } from './formats.ts'
export type { Description, Model, ModelFile, Origin, ReadOptions } from './model.ts'
export { formatOf, openDrone, openModel, readModel } from './open.ts'
export { DroneModel } from './read/drone.ts'
export { PROGRAM_FORMATS } from './remote/program/formats.ts'
export { openProgram, type ProgramOptions } from './remote/program/index.ts'
export { openService, type ServiceOptions } from './remote/service/index.ts'
