/** The names that tables, bounds and plots speak of. */
export const SIMD = 'drone, simd'
export const RELAXED = 'drone, relaxed'
export const JS = 'drone, js'
export const PLAIN = 'plain TypeScript'
export const ONNXRUNTIME = 'onnxruntime-node'
export const NATIVE = {
  plain: 'plain C++',
  sse: 'C++, SSE',
  avx2: 'C++, AVX2 + FMA',
  chain: 'C++, AVX2 + FMA, each waits for the last',
}
