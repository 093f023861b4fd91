/**
 * exp, σ and tanh for every f32 there is, against f64: `npm run bench:functions`, which takes minutes. All but exp come
 * out of the kernels, as the answer of a network 1→1 (→1) whose weights are 1; exp, which no network shows alone, out
 * of the twin, whose bits are those of the kernels.
 */

import { exp } from '../bindings/arithmetic/functions.ts'
import { type Activation, Drone, type Layer } from '../bindings/index.ts'
import { markdown, publish } from './results.ts'

const CHUNK = 2 ** 20
const SMALLEST_NORMAL = 2 ** -126

type Fill = (x: Float32Array, y: Float32Array) => void

interface Case {
  name: string
  fill: Fill
  exact(x: number): number
  /** Inputs that the function is meant for. */
  domain?(x: number): boolean
  bound: string
}

function layer(activation: Activation): Layer {
  return { activation, alpha: 1, weights: Float32Array.of(1), bias: Float32Array.of(0) }
}

function network(...activations: Activation[]): Fill {
  const inputs = [{ name: 'x', offset: 0, scale: 1 }]
  const drone = Drone.from({ inputs, layers: activations.map(layer), outputs: ['y'] }, { engine: 'simd' })
  return (x, y) => void drone.predictBatch(x, y)
}

const σ = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))

const CASES: Case[] = [
  {
    name: 'exp',
    fill: (x, y) => {
      for (let i = 0; i < x.length; i++) y[i] = exp(x[i]!)
    },
    exact: Math.exp,
    bound: '1 ULP',
  },
  { name: 'σ of an output', fill: network('sigmoid'), exact: σ, bound: '2 ULP' },
  { name: 'σ of a hidden layer', fill: network('sigmoid', 'linear'), exact: σ, bound: '2⁻²³ absolute' },
  { name: 'tanh', fill: network('tanh'), exact: Math.tanh, bound: '2 ULP' },
  { name: 'eˣ − 1, x ≤ 0', fill: network('elu'), exact: Math.expm1, domain: (x) => x <= 0, bound: '2⁻²³ absolute' },
]

interface Worst {
  ulps: number
  ulpsAt: number
  error: number
  errorAt: number
  /** Numbers that should be below the normal ones and are neither 0 nor as small. */
  notFlushed: number
}

const x = new Float32Array(CHUNK)
const y = new Float32Array(CHUNK)
const right = new Float32Array(CHUNK)
const bits = new Uint32Array(x.buffer)
const got = new Int32Array(y.buffer)
const expected = new Int32Array(right.buffer)

/** The numbers of a chunk that are finite, in the order of their bits; how many. */
function finite(first: number, domain: Case['domain']): number {
  let count = 0
  for (let i = 0; i < CHUNK; i++) {
    bits[count] = first + i
    const value = x[count]!
    if (value - value === 0 && (domain?.(value) ?? true)) count++
  }
  return count
}

function check({ exact, fill, domain }: Case, first: number, worst: Worst): number {
  const count = finite(first, domain)
  fill(x.subarray(0, count), y.subarray(0, count))
  for (let i = 0; i < count; i++) {
    const value = exact(x[i]!)
    right[i] = value
    const error = Math.abs(y[i]! - value)
    if (error > worst.error && Math.abs(value) <= 1) [worst.error, worst.errorAt] = [error, x[i]!]
    if (Math.abs(right[i]!) < SMALLEST_NORMAL) {
      if (Math.abs(y[i]!) > SMALLEST_NORMAL) worst.notFlushed++
      continue
    }
    // Of one sign the bits of f32 numbers are in their order.
    const ulps = Math.abs(got[i]! - expected[i]!)
    if (ulps > worst.ulps) [worst.ulps, worst.ulpsAt] = [ulps, x[i]!]
  }
  return count
}

const rows: (string | number)[][] = []
for (const one of CASES) {
  const worst: Worst = { ulps: 0, ulpsAt: 0, error: 0, errorAt: 0, notFlushed: 0 }
  let count = 0
  for (let first = 0; first < 2 ** 32; first += CHUNK) count += check(one, first, worst)
  // Where the bound is an absolute one, smaller numbers may be off by any factor.
  const relative = one.bound.endsWith('ULP') ? [worst.ulps, worst.ulpsAt, worst.notFlushed] : ['', '', '']
  const error = `2^${Math.log2(worst.error).toFixed(2)}`
  rows.push([one.name, count.toLocaleString('en'), ...relative, error, worst.errorAt, one.bound])
  console.log(rows.at(-1)!.join(' | '))
}

publish(
  'npm run bench:functions',
  `## exp, σ and tanh of every number

Over all f32 numbers that are finite, against f64. Results below the least normal number have to be 0 or as small.

${markdown(['', 'inputs', 'largest ULP', 'at', 'not flushed', 'largest error, of results to 1', 'at', 'bound'], rows)}`,
)
