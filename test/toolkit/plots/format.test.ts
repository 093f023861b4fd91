/** Numbers and texts as they stand in a figure. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { escaped } from '../../../toolkit/plots/escape.ts'
import { numberText, powerText, px, tickTexts } from '../../../toolkit/plots/format.ts'
import { fitted, textWidth } from '../../../toolkit/plots/text.ts'

const test = suite('format')

test('ticks', () => {
  const cases: [number[], string[]][] = [
    [
      [0, 0.1, 0.2, 0.1 + 0.2],
      ['0', '0.1', '0.2', '0.3'],
    ],
    [
      [-1, -0.5, 0, 0.5],
      ['−1.0', '−0.5', '0', '0.5'],
    ],
    [
      [0, 500, 1000, 1500],
      ['0', '500', '1000', '1500'],
    ],
    [
      [0, 20_000, 40_000],
      ['0', '20\u2009000', '40\u2009000'],
    ],
    [
      [0, 500_000, 1_000_000],
      ['0', '0.5×10⁶', '1.0×10⁶'],
    ],
    [
      [0, 2e-4, 4e-4],
      ['0', '2×10⁻⁴', '4×10⁻⁴'],
    ],
    [
      [5279.1, 5279.15, 5279.2],
      ['5279.10', '5279.15', '5279.20'],
    ],
    [[1e-300], ['10⁻³⁰⁰']],
    [[], []],
  ]
  for (const [ticks, texts] of cases) assert.equal(tickTexts(ticks), texts)
})

test('numbers', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '0'],
    [0.1 + 0.2, '0.3'],
    [1234567, '1\u2009234\u2009567'],
    [0.00012345, '1.23×10⁻⁴'],
    [-2.5e12, '−2.5×10¹²'],
    [0.98765, '0.988'],
    [99999.9, '10⁵'],
    [1e21, '10²¹'],
    [5e-324, '4.94×10⁻³²⁴'],
    [Number.NaN, 'not a number'],
    [-Infinity, '−∞'],
  ]
  for (const [value, text] of cases) assert.is(numberText(value), text)
  assert.equal([-12, -1, 0, 1, 2].map(powerText), ['10⁻¹²', '10⁻¹', '1', '10', '10²'])
  assert.equal([1 / 3, -0.001, 12].map(px), ['0.33', '0', '12'])
})

test('a text is cut to its room', () => {
  assert.is(fitted('short', 100), 'short')
  assert.is(fitted(' two\n  lines ', 100), 'two lines')
  for (const text of [
    'a name that is much too long',
    '一个很长的名字一个很长的名字',
    '👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀',
    'WWWWWWWWWWWW',
  ]) {
    const cut = fitted(text, 60)
    assert.match(cut, /…$/)
    assert.not.match(cut, /\p{Surrogate}/u)
    assert.ok(textWidth(cut) <= 60, cut)
  }
  assert.is(fitted('anything', 5), '')
})

test('markup is escaped, and what XML forbids is replaced', () => {
  assert.is(escaped(`<a href="x" b='y'>&`), '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;')
  assert.is(escaped('\u0000\u202e\ud800\uffff\tπ质🙂'), '\ufffd\ufffd\ufffd\ufffd\tπ质🙂')
})

test.run()
