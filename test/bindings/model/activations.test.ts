/** The table of activations against what calculates: the definition, and the kernels' ids. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { phi, slope } from '../../../bindings/arithmetic/activation.ts'
import { ACTIVATIONS, type Activation, activations, usesAlpha } from '../../../bindings/model/activations.ts'
import { root } from '../../support.ts'

const test = suite('activations')

/** Of one unit; softmax mixes several, and has neither φ nor φ′ of one number. */
const SINGLE = ACTIVATIONS.filter((activation) => activation !== 'softmax')
/** No α at which an activation is another one. */
const ALPHA = Math.fround(0.3)

const value = (activation: Activation, x: number, alpha = ALPHA) => phi(activation, alpha, Math.fround(x))
const slopeAt = (activation: Activation, x: number, alpha = ALPHA) =>
  slope(activation, alpha, Math.fround(x), value(activation, x, alpha))

test('each has an id of its own, which the kernels have too', () => {
  const ids = ACTIVATIONS.map((activation) => activations[activation].id)
  assert.is(new Set(ids).size, ids.length)
  const source = readFileSync(join(root, 'assembly/activation.ts'), 'utf8')
  const constants = [...source.matchAll(/^export const (\w+) = (\d+);/gm)].map(([, name, id]) => ({
    name: name!.replaceAll('_', '').toLowerCase(),
    id: Number(id),
  }))
  const known = constants.filter(({ id }) => id < 128)
  assert.equal(
    known,
    ACTIVATIONS.map((activation) => ({ name: activation.replaceAll('_', ''), id: activations[activation].id })),
  )
  assert.equal(
    constants.filter(({ id }) => id >= 128).map(({ name }) => name),
    ['hiddensigmoid'],
  )
})

test('awake at zero is what answers zero with something else', () => {
  for (const activation of SINGLE)
    assert.is(value(activation, 0) !== 0, activations[activation].awakeAtZero, activation)
})

test('α matters where there is one, and its start is none that makes another activation of it', () => {
  const points = [-3, -0.7, 0.4, 2]
  for (const activation of SINGLE) {
    const answers = (alpha: number) => points.map((x) => value(activation, x, alpha))
    const matters = answers(0.3).some((y, i) => y !== answers(0.7)[i])
    assert.is(matters, usesAlpha(activation), activation)
    const { alpha } = activations[activation] as { alpha?: number }
    if (alpha === undefined) continue
    assert.is(Math.fround(alpha), alpha)
    assert.ok(
      answers(alpha).some((y, i) => y !== points[i]),
      `${activation} with α ${alpha} bends`,
    )
  }
})

test('the slope jumps at the kinks, and nowhere else', () => {
  const step = 2 ** -12
  for (const activation of SINGLE) {
    const jumps: number[] = []
    for (let x = -4; x <= 4; x += 2 ** -6) {
      const jump = Math.abs(slopeAt(activation, x + step) - slopeAt(activation, x - step))
      if (jump > 0.1) jumps.push(x)
    }
    assert.equal(jumps, activations[activation].kinks, activation)
  }
})

test.run()
