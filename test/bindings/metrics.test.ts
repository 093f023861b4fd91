/** Metrics against their definitions, counted pair by pair. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { atEfficiency, atRejection, auc, FidelitySum, fidelity, roc } from '../../bindings/index.ts'
import { seeded } from '../support.ts'

const test = suite('metrics')

/** A few hundred events with many ties. */
function events() {
  const random = seeded(5)
  const labels = Array.from({ length: 300 }, () => (random.uniform() < 0.4 ? 1 : 0))
  const scores = labels.map((label) => Math.round((random.uniform() + 0.3 * label) * 20) / 20)
  return { labels, scores }
}

test('AUC is the fraction of pairs in the right order, ties half', () => {
  const { labels, scores } = events()
  let wins = 0
  let pairs = 0
  for (const [i, s] of scores.entries()) {
    for (const [j, b] of scores.entries()) {
      if (labels[i] !== 1 || labels[j] !== 0) continue
      pairs++
      wins += s > b ? 1 : s === b ? 0.5 : 0
    }
  }
  assert.ok(Math.abs(auc(scores, labels) - wins / pairs) < 1e-12)
  assert.is(auc([1, 2, 3, 4], [0, 0, 1, 1]), 1)
  assert.is(auc([4, 3, 2, 1], [0, 0, 1, 1]), 0)
  assert.is(auc([1, 1, 1, 1], [0, 0, 1, 1]), 0.5)
})

test('the ROC counts what passes each threshold; its area is the AUC', () => {
  const { labels, scores } = events()
  const points = roc(scores, labels)
  const signals = labels.filter((label) => label === 1).length
  for (const { threshold, efficiency, rejection } of points) {
    const passing = scores.map((score) => score >= threshold)
    const signal = passing.filter((pass, i) => pass && labels[i] === 1).length
    const background = passing.filter((pass, i) => pass && labels[i] === 0).length
    assert.is(efficiency, signal / signals)
    assert.ok(Math.abs(rejection - (1 - background / (labels.length - signals))) < 1e-12)
  }
  assert.is(points.at(-1)!.efficiency, 1)
  assert.is(points.at(-1)!.rejection, 0)
  let area = 0
  let before = { efficiency: 0, rejection: 1 }
  for (const point of points) {
    area += ((point.efficiency + before.efficiency) / 2) * (before.rejection - point.rejection)
    before = point
  }
  assert.ok(Math.abs(area - auc(scores, labels)) < 1e-12)
})

test('working points', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1]
  const scores = [0.1, 0.2, 0.3, 0.6, 0.4, 0.5, 0.7, 0.8]
  assert.equal(atRejection(scores, labels, 0.75), { threshold: 0.4, efficiency: 1, rejection: 0.75 })
  assert.equal(atRejection(scores, labels, 1), { threshold: 0.7, efficiency: 0.5, rejection: 1 })
  assert.equal(atEfficiency(scores, labels, 0.5), { threshold: 0.7, efficiency: 0.5, rejection: 1 })
  assert.equal(atEfficiency(scores, labels, 0.6), { threshold: 0.5, efficiency: 0.75, rejection: 0.75 })
  assert.throws(() => atEfficiency(scores, labels, 1.1), 'efficiency: 1.1, expected a number from 0 to 1')
  assert.throws(() => atRejection([1, 0], [0, 1], 1), 'rejection: 1 is reached by no cut that lets an event pass')
})

test('fidelity', () => {
  assert.equal(fidelity([1, 2, 3, 5], [1, 2, 5, 4]), { mse: 1.25, mae: 0.75, maxError: 2, events: 4 })
  assert.equal(fidelity([1, 2, 3, 5], [1, 2, 5, 4], 2), { mse: 1.25, mae: 0.75, maxError: 2, events: 2 })
  const pieces = new FidelitySum().add([1, 2], [1, 2]).add([3, 5], [5, 4]).result()
  assert.equal(pieces, fidelity([1, 2, 3, 5], [1, 2, 5, 4]))
  assert.ok(Number.isNaN(fidelity([Number.NaN, 1], [1, 1]).maxError))
  assert.throws(() => fidelity([1], [1, 2]), '1 scores, but 2 targets')
})

test('what has no answer is refused', () => {
  assert.throws(() => auc([1, 2], [1, 1]), 'labels: all 1, expected both signal (1) and background (0)')
  assert.throws(() => auc([1, 2], [0, 0]), 'labels: all 0, expected both signal (1) and background (0)')
  assert.throws(() => auc([1, 2], [0, 2]), 'labels[1]: 2, expected 1 (signal) or 0 (background)')
  assert.throws(() => auc([1, Number.NaN], [0, 1]), 'scores[1]: NaN cannot be ranked')
  assert.throws(() => auc([1], [0, 1]), '1 scores, but 2 labels')
})

test.run()
