/** All that are called from JavaScript, in the order of the tables. */
import { brain } from './brain.ts'
import { drones } from './drone.ts'
import { plain } from './naive.ts'
import { onnxruntimes } from './onnxruntime.ts'
import { tensorflows } from './tensorflow.ts'

export const rivals = [...drones, plain, brain, ...onnxruntimes, ...tensorflows]
