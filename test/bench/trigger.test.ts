/** The rivals of a drone in a trigger: tables and trees answer as their definitions say. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { columnOf, type Lesson, quantileEdges } from '../../bench/peers/trigger/contender.ts'
import { cellOf, lookup } from '../../bench/peers/trigger/lookup.ts'
import { boosted, type Tree, trees } from '../../bench/peers/trigger/trees.ts'
import { seeded } from '../support.ts'

const test = suite('trigger')

const answerTo = (a: number, b: number, c: number) => Math.tanh(a * b) + 0.3 * c

/** Three inputs, the last of five values alone. */
function lesson(count: number, seed: number): Lesson {
  const random = seeded(seed)
  const rows = Array.from({ length: count }, () => [4 * random.uniform() - 2, 3 * random.uniform(), random.below(5)])
  const answers = Float32Array.from(rows, ([a, b, c]) => answerTo(a!, b!, c!))
  return { inputs: 3, events: Float64Array.from(rows.flat()), answers }
}

const ask = (events: Float32Array | Float64Array) =>
  Float32Array.from({ length: events.length / 3 }, (_, n) =>
    answerTo(events[3 * n]!, events[3 * n + 1]!, events[3 * n + 2]!),
  )

const events = [...lesson(300, 9).events]
const SOME = Array.from({ length: 300 }, (_, n) => events.slice(3 * n, 3 * n + 3)).concat([
  [Number.NaN, 1, 2],
  [1e9, -1e9, Infinity],
  [-Infinity, 0, 4],
  [0, 0, 0],
])

test('edges have equal numbers of events between them, and none twice where values are alike', () => {
  const edges = quantileEdges(
    Float64Array.from({ length: 1000 }, (_, n) => (n * 7) % 1000),
    3,
  )
  assert.equal([...edges], [250, 500, 750])
  assert.equal([...quantileEdges(Float64Array.of(3, 3, 3, 3), 7)], [])
  const few = quantileEdges(columnOf(lesson(500, 1), 2), 63)
  assert.equal([...few], [1, 2, 3, 4])
})

for (const bits of [1, 2, 3]) {
  test(`a table of ${bits} bits gives the mean answer to the events of a cell, or that to its middle`, async () => {
    const known = lesson(150, 2)
    const asked: number[][] = []
    const table = await lookup(known, bits, (events) => {
      for (let at = 0; at < events.length; at += 3) asked.push([...events.subarray(at, at + 3)])
      return ask(events)
    })
    const edges = [0, 1, 2].map((i) => quantileEdges(columnOf(known, i), (1 << bits) - 1))
    const cells = Array.from(known.answers, (_, n) => cellOf(edges, bits, known.events.subarray(3 * n, 3 * n + 3)))
    const middles = asked.map((event) => cellOf(edges, bits, event))
    let empty = 0
    for (const event of SOME) {
      const cell = cellOf(edges, bits, event)
      const mates = cells.flatMap((other, n) => (other === cell ? [known.answers[n]!] : []))
      const found = table.score(event)
      if (mates.length > 0) assert.ok(Math.abs(found - mates.reduce((sum, one) => sum + one, 0) / mates.length) < 1e-5)
      else {
        empty++
        // Bins that no value can be in, since values are alike, are never asked for.
        const [a, b, c] = asked[middles.indexOf(cell)] as [number, number, number]
        assert.is(found, Math.fround(answerTo(a, b, c)))
      }
    }
    assert.ok(bits < 3 || empty > 0)
    assert.is(table.bytes, 4 * 8 ** bits + 8 * 3 * (1 << bits))
  })
}

/** Recursively, as a tree is told. */
function answerOf({ features, thresholds, leaves }: Tree, event: readonly number[], node = 0): number {
  if (node >= features.length) return leaves[node - features.length]!
  return answerOf(
    { features, thresholds, leaves },
    event,
    2 * node + (event[features[node]!]! > thresholds[node]! ? 2 : 1),
  )
}

for (const [count, depth] of [
  [1, 1],
  [5, 2],
  [7, 4],
] as const) {
  test(`${count} compiled trees of depth ${depth} add up what each says`, () => {
    const known = lesson(1000, 3)
    const { start, forest } = boosted(known, count, depth)
    const compiled = trees(known, count, depth)
    for (const event of SOME) {
      const expected = forest.reduce((sum, tree) => sum + answerOf(tree, event), start)
      assert.ok(Math.abs(compiled.score(event) - expected) < 1e-12, `${event}: ${compiled.score(event)}, ${expected}`)
    }
    assert.is(compiled.bytes, count * (9 * (2 ** depth - 1) + 4 * 2 ** depth))
  })
}

test('each tree more lowers the error on the events that it learnt from', () => {
  const known = lesson(2000, 4)
  const errors = [1, 2, 4, 8, 16].map((count) => {
    const { score } = trees(known, count, 3)
    return known.answers.reduce(
      (sum, answer, n) => sum + (score(known.events.subarray(3 * n, 3 * n + 3)) - answer) ** 2,
      0,
    )
  })
  for (let k = 1; k < errors.length; k++) assert.ok(errors[k]! < errors[k - 1]!, `${errors}`)
  assert.ok(errors.at(-1)! < 0.1 * errors[0]!)
})

test('where nothing can be told apart, a forest answers the mean', () => {
  const alike: Lesson = {
    inputs: 1,
    events: new Float64Array(50).fill(2),
    answers: Float32Array.from({ length: 50 }, (_, n) => n),
  }
  assert.ok(Math.abs(trees(alike, 3, 2).score([2]) - 24.5) < 1e-5)
})

test.run()
