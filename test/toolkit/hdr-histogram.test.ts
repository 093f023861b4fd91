/** Latencies as HdrHistogram counts them, against its implementation in JavaScript. */
import { build } from 'hdr-histogram-js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HdrHistogram } from '../../toolkit/hdr-histogram.ts'
import { seeded } from '../support.ts'

const test = suite('HdrHistogram')

const theirs = () => build({ lowestDiscernibleValue: 1, highestTrackableValue: 2, autoResize: true })

/** Values of many sizes, among them those where places become wider. */
function values(count: number, seed: number): number[] {
  const random = seeded(seed)
  const edges = [0, 1, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 2 ** 31 - 1, 2 ** 31, 2 ** 40 - 1, 2 ** 40]
  return [...Array.from({ length: count }, () => Math.floor(10 ** (9 * random.uniform()))), ...edges]
}

for (const count of [1, 2, 3, 10, 99, 1000, 30_000]) {
  test(`${count} values: percentiles, moments and text`, () => {
    const [ours, other] = [new HdrHistogram(), theirs()]
    for (const value of count < 4 ? values(count, 1).slice(0, count) : values(count, count)) {
      ours.record(value)
      other.recordValue(value)
    }
    assert.is(ours.total, other.totalCount)
    for (const percent of [0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 99.999, 100]) {
      assert.is(ours.percentile(percent), other.getValueAtPercentile(percent), `${percent} %`)
    }
    assert.is(ours.mean, other.mean)
    assert.ok(Math.abs(ours.deviation / other.stdDeviation - 1) < 1e-12 || other.stdDeviation === 0)
    assert.is(ours.hgrm(), `${other.outputPercentileDistribution(5, 1000)}`)
  })
}

test('the correction for coordinated omission', () => {
  const random = seeded(3)
  for (const interval of [1, 7, 1000, 10_000, 123_457]) {
    const [ours, other] = [new HdrHistogram(), theirs()]
    let added = 0
    for (let n = 0; n < 500; n++) {
      const value = Math.floor(interval * 10 ** (4 * random.uniform() - 2))
      added += ours.recordExpecting(value, interval)
      other.recordValueWithExpectedInterval(value, interval)
    }
    for (const times of [1, 2, 3]) {
      added += ours.recordExpecting(times * interval, interval)
      other.recordValueWithExpectedInterval(times * interval, interval)
    }
    assert.is(ours.total, 503 + added)
    assert.is(ours.hgrm(), other.outputPercentileDistribution(5, 1000), `${interval} ns`)
  }
})

test('a call of 100 intervals is 100 calls, half of which wait for 50 or more', () => {
  const histogram = new HdrHistogram()
  assert.is(histogram.recordExpecting(1000, 10), 99)
  assert.is(histogram.total, 100)
  assert.is(histogram.percentile(50), 500)
  assert.is(histogram.above(500), 50)
  assert.is(histogram.largest, 1000)
})

test('without values', () => {
  const histogram = new HdrHistogram()
  assert.equal([histogram.percentile(50), histogram.mean, histogram.deviation, histogram.total], [0, 0, 0, 0])
  assert.match(histogram.hgrm(), /^ {7}Value .*\n\n#\[Mean {4}= {8}0\.000/)
})

test.run()
