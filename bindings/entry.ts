/** What dist/index.js exports: the library, and what dist/swarm.js needs of it, which the types do not name. */

export { checkBatch } from './batch.ts'
export { toNetwork } from './drone.ts'
export { compile, SimdEngine } from './engines/simd.ts'
export { shown } from './errors.ts'
export * from './index.ts'
export { parse } from './json.ts'
export { checkNames, counted } from './network.ts'
