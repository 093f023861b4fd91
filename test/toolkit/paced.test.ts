/** Calls at a rate by a clock that is made up, so that every time and every pause is known. */
import { build } from 'hdr-histogram-js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { timePaced } from '../../toolkit/paced.ts'
import { GarbageWatch, inOrder, type Pause } from '../../toolkit/pauses.ts'

const test = suite('calls at a rate')

/** A look at the clock, in nanoseconds. */
const LOOK = 40

/**
 * A clock that goes on by LOOK with each look, and jumps where it is told to.
 * @param jumps when, and for how long, in ms after the first look
 */
function clock(jumps: readonly (readonly [at: number, by: number])[] = []) {
  // No collection of garbage of this process falls into times that are long past.
  const start = -1e9
  let elapsed = 0
  const left = [...jumps]
  return {
    now() {
      elapsed += LOOK
      if (left[0] && elapsed >= left[0][0] * 1e6) elapsed += left.shift()![1] * 1e6
      return start + elapsed / 1e6
    },
    spend(nanoseconds: number) {
      elapsed += nanoseconds
    },
  }
}

/** Garbage is that of this process, by its own clock. */
const made = ({ cause }: Pause) => cause === 'scheduler'

const near = (actual: number, expected: number, what: string) =>
  assert.ok(Math.abs(actual - expected) <= 0.005 * expected + LOOK, `${what}: ${actual}, expected ${expected}`)

test('those that wait for a long call are counted, as HdrHistogram corrects for them', async () => {
  const { now, spend } = clock()
  let calls = 0
  // The first segment warms up, and is not counted.
  const ask = () => spend(++calls % 400 === 0 ? 250_000 : 300)
  const paced = await timePaced(ask, { rate: 100_000, duration: 500, clock: LOOK, now })
  const long = Math.floor(calls / 400)
  const other = build({ lowestDiscernibleValue: 1, highestTrackableValue: 2, autoResize: true })
  for (let n = 1; n <= paced.calls; n++) other.recordValueWithExpectedInterval(n % 400 === 0 ? 250_000 : 300, 10_000)
  assert.ok(long > 90)
  assert.is(paced.all.total, paced.calls + paced.added)
  near(paced.all.total, 50_000, 'every slot of half a second is counted')
  near(paced.added, other.totalCount - paced.calls, 'added')
  for (const percent of [10, 50, 90, 93, 95.1, 97.1, 99.1, 99.9, 100]) {
    near(paced.all.percentile(percent), other.getValueAtPercentile(percent), `${percent} %`)
  }
  assert.is(paced.own.hgrm(), paced.all.hgrm())
  assert.equal(paced.pauses.filter(made), [])
})

test('a pause between two calls is that of neither, but both wait for it', async () => {
  // 100 ms warm up; a pause of 3 ms 50 ms later, and a short one. One of 1 µs is none.
  const { now, spend } = clock([
    [150.0035, 3],
    [160.0035, 0.2],
    [170.0035, 0.001],
  ])
  const { all, own, pauses, calls, added } = await timePaced(() => spend(300), {
    ...{ rate: 100_000, duration: 100, clock: LOOK, now },
  })
  assert.equal(
    pauses.filter(made).map(({ cause, from, to }) => [cause, Math.round((to - from) * 1e3)]),
    [
      ['scheduler', 3000],
      ['scheduler', 200],
    ],
  )
  assert.is(all.total, calls + added)
  near(all.total, 10_000, 'calls')
  near(all.percentile(100), 3e6 - 6500, 'the longest')
  // Of 10,000 calls some 300 and 20 wait for a pause.
  near(all.above(15_000), 317, 'beyond 15 µs')
  assert.ok(own.largest < 2000, `${own.largest} ns without pauses`)
})

test('a model that is too slow for the rate is known by what a call itself takes', async () => {
  const { now, spend } = clock()
  const { service, calls } = await timePaced(() => spend(25_000), { rate: 100_000, duration: 100, clock: LOOK, now })
  near(service, 25_000, 'service')
  assert.ok(calls <= 4001)
})

test('what is awaited is timed to its end', async () => {
  const { now, spend } = clock()
  const ask = async () => {
    await null
    spend(5000)
  }
  const { all } = await timePaced(ask, { rate: 1000, duration: 100, clock: LOOK, now })
  near(all.percentile(50), 5000, 'p50')
})

test('collections of garbage are seen, with their times', async () => {
  const watch = new GarbageWatch()
  const from = performance.now()
  let kept: unknown[] = []
  for (let n = 0; n < 3e6; n++) kept = [kept.length, { n }]
  const pauses = await watch.take()
  watch.end()
  assert.ok(pauses.length > 0 && kept.length > 0)
  for (const pause of pauses) {
    assert.is(pause.cause, 'garbage')
    assert.ok(pause.from >= from && pause.to >= pause.from && pause.to <= performance.now())
  }
})

test('a gap that garbage explains is not told twice', () => {
  const garbage = [{ cause: 'garbage', from: 5, to: 7 }] as const
  const gaps = [
    { cause: 'scheduler', from: 1, to: 2 },
    { cause: 'scheduler', from: 6.9, to: 7.1 },
    { cause: 'scheduler', from: 8, to: 9 },
  ] as const
  assert.equal(inOrder(garbage, gaps), [gaps[0], garbage[0], gaps[2]])
})

test('a signal stops it', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await timePaced(() => 1, { rate: 1000, duration: 1000, clock: 0, signal }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, 'enough'),
  )
})

test.run()
