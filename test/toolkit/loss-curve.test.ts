/** The loss curve, as it is drawn. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lossCurve } from '../../toolkit/cli/view/loss-curve.ts'

const test = suite('loss curve')

/** From 1 to 0.001 in a straight line of its logarithm. */
const LOSSES = Array.from({ length: 31 }, (_, j) => 10 ** (-j / 10))

test('forty columns', () => {
  const expected = [
    ' 1.0e+0 ┤⠉⠙⠒⠲⠤⢤⣀⣀',
    '        │       ⠈⠉⠙⠒⠲⠤⢤⣀⣀',
    '        │               ⠈⠉⠙⠒⠲⠤⢤⣀⣀',
    ' 1.0e-3 ┤                       ⠈⠉⠙⠒⠲⠤⢤⣀',
    '        └──────────▲─────────▲──────────',
    '         1       epoch, ▲ grew        31',
    '',
  ]
  assert.is(lossCurve(LOSSES, { width: 40, height: 4, growths: [11, 21] }), expected.join('\n'))
})

test('every line keeps the width, at any width', () => {
  for (const width of [20, 40, 60, 80]) {
    const lines = lossCurve(LOSSES, { width, growths: [5, 31] })
      .trimEnd()
      .split('\n')
    assert.is(lines.length, 10)
    for (const line of lines) assert.ok([...line].length <= width, `${width}: ${line}`)
    assert.is([...lines[8]!].length, width)
  }
})

test('growths are marked where they happened, in a colour if there is one', () => {
  const axis = lossCurve(LOSSES, { width: 40, growths: [1, 31], paint: (mark) => `<${mark}>` }).split('\n')[8]!
  assert.match(axis, /└<▲>─+<▲>$/)
  assert.not.match(lossCurve(LOSSES, { width: 40 }), /▲/)
})

test('the curve falls as the loss does, and the scale has its ends', () => {
  const lines = lossCurve(LOSSES, { width: 60 }).split('\n').slice(0, 8)
  assert.match(lines[0]!, /1\.0e\+0 ┤/)
  assert.match(lines[7]!, /1\.0e-3 ┤/)
  const right = lines.map((line) => [...line].length)
  for (let i = 1; i < 8; i++) assert.ok(right[i]! > right[i - 1]!, 'further down is further to the right')
})

test('what cannot be drawn is left out', () => {
  assert.is(lossCurve([], { width: 40 }), '')
  assert.is(lossCurve([1], { width: 40 }), '')
  assert.is(lossCurve([0, Number.NaN, Number.POSITIVE_INFINITY], { width: 40 }), '')
  assert.ok(lossCurve([1, Number.NaN, 0.5], { width: 40 }).length > 0)
  assert.ok(lossCurve([1, 1, 1], { width: 40 }).length > 0)
})

test.run()
