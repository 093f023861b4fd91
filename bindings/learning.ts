/** What asks a teacher further and trains a drone, kernels and all: a file of its own, loaded when a run begins. */
export { furtherExamples } from './distill/questions/index.ts'
export { train } from './distill/train.ts'
export { loadLearning } from './engines/learning.ts'
