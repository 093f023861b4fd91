/** What trains a drone, kernels and all: a file of its own, loaded when a run begins. */
export { train } from './distill/train.ts'
export { loadLearning } from './engines/learning.ts'
