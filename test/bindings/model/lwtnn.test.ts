/** What a real lwtnn answers for drones of every activation; `lwtnn/make.ts` asked it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ACTIVATIONS, Drone } from '../../../bindings/index.ts'
import { ENGINES, root } from '../../support.ts'

interface Case {
  activation: string
  drone: object
  events: (number | string)[][]
  answers: number[][]
}

const cases: Case[] = JSON.parse(readFileSync(join(root, 'test/bindings/model/lwtnn/golden.json'), 'utf8'))

const test = suite('lwtnn')

test('the golden file has every activation, defaults, and answers', () => {
  assert.equal(
    cases.map((one) => one.activation),
    [...ACTIVATIONS],
  )
  for (const { drone, answers } of cases) {
    assert.ok('defaults' in drone)
    assert.ok(answers.length === 12 && answers.every((row) => row.length === 3 && row.every(Number.isFinite)))
  }
})

for (const engine of ENGINES) {
  test(`${engine}: drones answer as lwtnn does, within 1e-5`, () => {
    for (const { activation, drone: document, events, answers } of cases) {
      const drone = Drone.from(document, { engine })
      for (const [n, event] of events.entries()) {
        const scores = drone.predictInto(event.map(Number), [0, 0, 0])
        for (const [i, score] of scores.entries()) {
          const expected = answers[n]![i]!
          const error = Math.abs(score - expected) / Math.max(1, Math.abs(expected))
          assert.ok(error <= 1e-5, `${activation}, event ${n}, output ${i}: ${score}, lwtnn says ${expected}`)
        }
      }
    }
  })
}

test.run()
