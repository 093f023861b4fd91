/** What `compare` draws in a terminal. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { residualText, rocText } from '../../toolkit/cli/view/curves.ts'
import { Bins, Histogram, rocCurve } from '../../toolkit/plots/index.ts'

const test = suite('curves of compare')

test('a curve of chance falls in a straight line, and one without both kinds is not drawn', () => {
  const scores = Array.from({ length: 1000 }, (_, n) => n)
  const labels = scores.map((n) => n % 2)
  const lines = rocText(rocCurve(scores, labels), 33).split('\n')
  assert.is(lines[0], 'background rejected, by the signal that passes')
  // Where the first dot of each line stands: further right from line to line.
  const starts = lines.slice(1, 7).map((line) => line.search(/[\u2801-\u28ff]/))
  for (const [i, start] of starts.entries()) assert.ok(Math.abs(start - (9 + 4 * i)) <= 1, `${starts}`)
  assert.equal(lines.slice(7), [`${' '.repeat(8)}└${'─'.repeat(24)}`, '         0 %                100 %', ''])
  assert.is(rocText(rocCurve([0.1, 0.2], [1, 1]), 80), '')
})

test('differences stand at their places, and one event is seen beside many', () => {
  const histogram = new Histogram(new Bins(-1, 1, 5)).add([...Array(1000).fill(0), 0.9])
  const lines = residualText(histogram, 29).split('\n')
  assert.is(lines[0], 'events by drone − teacher, on a logarithmic scale')
  assert.is(lines[1], '  1,000 ┤        ⣿⣿⣿⣿')
  assert.is(lines[6], '      0 ┤        ⣿⣿⣿⣿    ⣿⣿⣿⣿')
  assert.is(lines[8], '         -1       0         1')
  for (const width of [10, 40, 200]) {
    for (const line of residualText(histogram, width).split('\n').slice(1)) assert.ok([...line].length <= 69, line)
  }
})

test('no difference at all', () => {
  const lines = residualText(new Histogram(new Bins(-1e-6, 1e-6, 61)).add([0, 0]), 80).split('\n')
  assert.match(lines[1]!, /^ {6}2 ┤ +[\u2801-\u28ff]$/)
})

test.run()
