/**
 * Scores as bytes are what `shortest` makes of them. `NNDRONE_MANY=100000000 npm run unit -- bindings/lines/scores` writes
 * so many random patterns of bits.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shortest } from '../../../bindings/index.ts'
import { csvForm, ndjsonForm, ScoreText } from '../../../bindings/lines.ts'
import { seeded } from '../../support.ts'

const MANY = Number(process.env.NNDRONE_MANY ?? 100_000)
const SEED = Number(process.env.NNDRONE_SEED ?? 30)
const PIECE = 10_000

const test = suite('lines: scores')

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const cell = (score: number) => (Number.isNaN(score) ? 'nan' : String(shortest(score)))

/** Scores that are not written as they should be; ten at most. */
function wrong(writer: ScoreText, scores: Float32Array): string[] {
  const lines = text(writer.bytes(scores)).split('\n')
  assert.is(lines.length, scores.length + 1)
  const found: string[] = []
  for (const [i, score] of scores.entries()) {
    if (lines[i] !== cell(score) && found.length < 10) found.push(`${lines[i]}, expected ${cell(score)}`)
  }
  return found
}

test('special ones', () => {
  const scores = Float32Array.of(
    ...[0, -0, 1, -1, 0.5, 0.25, 2, 1024, 1e-6, 9.999999e-7, 1e-7, 1.5e-7, 1e-9, 1e-10, 1e-38, 1e-45, 3.4e38],
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 16777215, 16777216, 123456.79, 0.1, 0.3, 0.7],
    ...[0.99999994, 1.0000001, 9.999999, 10.000001, 99999.99, 999999.9, 8388607.5, 8388608, 0.0009999999, 0.001, 5e-5],
  )
  assert.equal(wrong(new ScoreText(csvForm(1)), scores), [])
})

test('each power of two and of ten, and its neighbours', () => {
  const bits = Array.from({ length: 255 }, (_, exponent) => exponent << 23)
  for (let power = -45; power < 39; power++) bits.push(new Uint32Array(Float32Array.of(10 ** power).buffer)[0]!)
  const near = bits.flatMap((pattern) => [-2, -1, 0, 1, 2].map((step) => Math.max(0, pattern + step)))
  assert.equal(wrong(new ScoreText(csvForm(1)), new Float32Array(Uint32Array.from(near).buffer)), [])
})

test('scores of few digits, and many patterns of bits', () => {
  const random = seeded(SEED)
  const writer = new ScoreText(csvForm(1))
  for (let first = 0; first < MANY; first += PIECE) {
    const bits = Uint32Array.from({ length: PIECE }, () => random.uniform() * 2 ** 32)
    const scores = new Float32Array(bits.buffer)
    // Half of them are what scores mostly are; of the others few have so small an exponent.
    for (let i = 0; i < PIECE; i += 4) scores[i] = random.uniform()
    for (let i = 1; i < PIECE; i += 8) scores[i] = Number(random.uniform().toFixed(1 + random.below(6)))
    for (let i = 5; i < PIECE; i += 8) scores[i] = 10 ** -(random.uniform() * 11)
    assert.equal(wrong(writer, scores), [])
  }
})

test('rows and objects of several outputs', () => {
  const scores = Float32Array.of(0.25, 0.3, Number.NaN, Number.POSITIVE_INFINITY, 1, 0.123456)
  assert.is(text(new ScoreText(csvForm(2)).bytes(scores)), '0.25,0.3\nnan,Infinity\n1,0.123456\n')
  const names = ['a "b"', `é${'long'.repeat(10)}`]
  const objects = text(new ScoreText(ndjsonForm(names)).bytes(scores))
  const [a, b] = names as [string, string]
  assert.equal(
    objects
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { [a]: 0.25, [b]: 0.3 },
      { [a]: null, [b]: null },
      { [a]: 1, [b]: 0.123456 },
    ],
  )
  assert.is(objects.split('\n')[0], `{${JSON.stringify(a)}:0.25,${JSON.stringify(b)}:0.3}`)
})

test('more at a time, then fewer, then none', () => {
  const random = seeded(3)
  const writer = new ScoreText(csvForm(1))
  for (const count of [1, 100_000, 3, 0, 17]) {
    assert.equal(
      wrong(
        writer,
        Float32Array.from({ length: count }, () => random.uniform()),
      ),
      [],
    )
  }
})

test.run()
