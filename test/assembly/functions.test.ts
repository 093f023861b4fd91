/** exp, σ and tanh against f64: bounds in units in the last place, and the values that are special. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exp, expMinusOne, hiddenSigmoid, sigmoid, tanh } from '../../bindings/arithmetic/functions.ts'
import { seeded } from '../support.ts'

const SMALLEST_NORMAL = 2 ** -126

/** One f32 in 8,192, with the neighbourhoods where formulas change. */
function* inputs(): Generator<number> {
  const word = new Uint32Array(1)
  const float = new Float32Array(word.buffer)
  const random = seeded(21)
  for (let bits = 0; bits < 2 ** 32; bits += 8192) {
    word[0] = bits + random.below(8192)
    if (!Number.isNaN(float[0]!)) yield float[0]!
  }
  for (const edge of [0, 1e-3, 0.35, Math.LN2, 1, 9.02, 17, 40, 87.3365402, 88.7228317, 104]) {
    for (let i = 0; i < 20000; i++) {
      const near = Math.fround(edge * (1 + (random.uniform() - 0.5) * 1e-2))
      yield near
      yield -near
    }
  }
}

/** f32 numbers between two, which for neighbours is 1. */
function ulps(a: number, b: number): number {
  const words = new Int32Array(Float32Array.of(a, b).buffer)
  const ordered = [...words].map((w) => (w < 0 ? -(w & 0x7fffffff) : w))
  return Math.abs(ordered[0]! - ordered[1]!)
}

function worst(
  approximation: (x: number) => number,
  exact: (x: number) => number,
  keep: (x: number) => boolean,
): number {
  let most = 0
  for (const x of inputs()) {
    if (!keep(x)) continue
    const correct = Math.fround(exact(x))
    if (Math.abs(correct) >= SMALLEST_NORMAL && Number.isFinite(correct)) {
      most = Math.max(most, ulps(approximation(x), correct))
    } else if (Number.isFinite(correct)) {
      assert.ok(approximation(x) === 0 || ulps(approximation(x), correct) <= 2, `${x}: flushed to 0 or close`)
    } else {
      assert.is(approximation(x), correct, `${x}`)
    }
  }
  return most
}

const σ = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))
const everywhere = () => true

const test = suite('kernels: exp, σ, tanh')

test('exp within 1 ULP', () => {
  assert.ok(worst(exp, Math.exp, everywhere) <= 1)
})

test('σ within 2 ULP, from 0 to 1', () => {
  assert.ok(worst(sigmoid, σ, everywhere) <= 2)
  for (const x of inputs()) assert.ok(sigmoid(x) >= 0 && sigmoid(x) <= 1, `${x}: ${sigmoid(x)}`)
})

test('σ of hidden layers: absolute error within 2⁻²³, from 0 to 1', () => {
  for (const x of inputs()) {
    const y = hiddenSigmoid(x)
    assert.ok(Math.abs(y - σ(x)) <= 2 ** -23 && y >= 0 && y <= 1, `${x}: ${y}`)
  }
})

test('tanh within 2 ULP, odd to the bit', () => {
  assert.ok(worst(tanh, Math.tanh, (x) => Math.abs(x) >= SMALLEST_NORMAL) <= 2)
  for (const x of inputs()) assert.ok(Object.is(tanh(-x), -tanh(x)), `${x}`)
})

test('eˣ − 1 below zero: absolute error within 2⁻²³, relative near 0', () => {
  for (const x of inputs()) {
    if (!(x <= 0)) continue
    const error = Math.abs(expMinusOne(x) - Math.expm1(x))
    assert.ok(error <= 2 ** -23 && error <= 4e-7 * Math.abs(x), `${x}: ${expMinusOne(x)}`)
  }
})

test('special values', () => {
  const { POSITIVE_INFINITY: INFINITY } = Number
  const cases: [(x: number) => number, number, number][] = [
    [exp, INFINITY, INFINITY],
    [exp, -INFINITY, 0],
    [exp, 0, 1],
    [exp, -0, 1],
    [sigmoid, INFINITY, 1],
    [sigmoid, -INFINITY, 0],
    [sigmoid, 0, 0.5],
    [sigmoid, -0, 0.5],
    [hiddenSigmoid, INFINITY, 1],
    [hiddenSigmoid, 0, 0.5],
    [hiddenSigmoid, -0, 0.5],
    [tanh, INFINITY, 1],
    [tanh, -INFINITY, -1],
    [tanh, 0, 0],
    [tanh, -0, -0],
    [tanh, 1e-45, Math.fround(1e-45)],
    [tanh, -1e-40, Math.fround(-1e-40)],
    [tanh, 1e-10, Math.fround(1e-10)],
    [expMinusOne, -INFINITY, -1],
  ]
  for (const [f, x, y] of cases) assert.ok(Object.is(f(Math.fround(x)), y), `${f.name}(${x}) = ${f(Math.fround(x))}`)
  for (const f of [exp, sigmoid, hiddenSigmoid, tanh, expMinusOne]) assert.ok(Number.isNaN(f(Number.NaN)), f.name)
})

test.run()
