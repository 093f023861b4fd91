/** Names and figures as messages and tables show them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { alike, digits } from '../../toolkit/cli/view/numbers.ts'
import { withFlags } from '../../toolkit/flags.ts'
import { counted, grouped, listed, suggested } from '../../toolkit/text.ts'

const test = suite('text')

test('lists are cut at ten, and long names at forty letters', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `x${i}`)
  assert.is(listed(names.slice(0, 10)), 'x0, x1, x2, x3, x4, x5, x6, x7, x8, x9')
  assert.is(listed(names), 'x0, x1, x2, x3, x4, x5, x6, x7, x8, x9 and 4,990 more')
  assert.is(listed(['y'.repeat(50), 'z']), `${'y'.repeat(40)}…, z`)
  assert.is(counted(1, 'event'), '1 event')
  assert.is(counted(20_000, 'event'), '20,000 events')
})

test('whole numbers stand in groups of three digits, as elsewhere', () => {
  for (const count of [0, 7, 999, 1000, 12_345, 123_456, 1_234_567, 1_000_000_000, -999, -1000, -123_456]) {
    assert.is(grouped(count), count.toLocaleString('en'))
  }
})

test('a name that is close is suggested, and no other', () => {
  const names = ['pt', 'eta', 'min_pt', 'teacher_score', 'label']
  for (const [name, found] of [
    ['PT', 'pt'],
    ['lable', 'label'],
    ['labl', 'label'],
    ['min-pt', 'min_pt'],
    ['techer_scroe', 'teacher_score'],
  ]) {
    assert.is(suggested(name!, names), ` (did you mean "${found}"?)`)
  }
  for (const name of ['x', 'pq', 'phi', 'score', 'a name of no column']) assert.is(suggested(name, names), '', name)
})

test('figures of a row or column have one format', () => {
  assert.equal(alike([0.123456, 0.5, 12]), ['0.1235', '0.5', '12'])
  assert.equal(alike([1.2345e-5, 0.5, 0]), ['1.234e-5', '5.000e-1', '0'])
  assert.equal(alike([Number.NaN, 0.25]), ['NaN', '0.25'])
  assert.is(digits(12345678), '1.235e+7')
})

test('options in backticks are named by their flags', () => {
  assert.is(
    withFlags('`scaleFrom` needs `events`; see `probeMethod`'),
    '--scale-from needs --events; see --probe-method',
  )
  assert.is(withFlags('a file `x y` and `Other`'), 'a file `x y` and `Other`')
})

test.run()
