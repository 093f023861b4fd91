/** The kernels with relaxed SIMD: a file of its own, loaded only when asked for. */
export { relaxed } from './binaries/relaxed.ts'
