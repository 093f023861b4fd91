/** The size of a drone: by its parameters, by its error on held-out events, and a choice of several. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConfigurationError, type DistillOptions, Drone, distill, frontier, smallest } from '../../../bindings/index.ts'
import { randomNetwork, randomNumbers, seeded } from '../../support.ts'

const INPUTS = ['a', 'b', 'c']

function problem(): DistillOptions {
  const random = seeded(5)
  const teacher = randomNetwork(random, {
    widths: [3, 5, 1],
    activation: 'tanh',
    outputActivation: 'sigmoid',
    size: 1.5,
  })
  const events = randomNumbers(random, 3 * 300, 2)
  return { events, targets: Drone.from(teacher).predictBatch(events), inputs: INPUTS, holdout: 0.3, epochs: 40 }
}

async function refused(run: Promise<unknown>, message: string) {
  try {
    await run
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.instance(error, ConfigurationError)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

const test = suite('distill: size')

test('parameters: the largest drone that has no more', async () => {
  const size = async (more: Partial<DistillOptions>) => {
    const { drone } = await distill({ ...problem(), epochs: 2, ...more })
    return [drone.hidden[0]!, drone.parameters]
  }
  assert.equal(await size({ parameters: 6 }), [1, 6])
  assert.equal(await size({ parameters: 10 }), [1, 6])
  assert.equal(await size({ parameters: 41 }), [8, 41])
  assert.equal(await size({ parameters: 45 }), [8, 41])
  assert.equal(await size({ parameters: 45, rule: null }), [8, 41])
  const always = { grows: () => true }
  assert.equal(await size({ parameters: 45, rule: always, epochs: 20 }), [8, 41])
  assert.equal(await size({ parameters: 12, rule: always, epochs: 20 }), [2, 11])
})

test('frontier: a drone of each size, and the answers are asked for once', async () => {
  const { targets, ...options } = problem()
  let asked = 0
  const teacher = {
    inputs: INPUTS,
    outputs: ['y'],
    predictBatch(events: ArrayLike<number>) {
      asked += events.length / 3
      return targets as Float32Array
    },
  }
  const drones = await frontier({ ...options, teacher }, [1, 2, 6])
  assert.is(asked, 300)
  assert.equal(
    drones.map(({ drone }) => drone.hidden),
    [[1], [2], [6]],
  )
  assert.equal(drones[0]!.drone.outputs, ['y'])
  assert.ok(drones.every(({ fidelity }) => fidelity.heldOut))
  assert.ok(drones[2]!.fidelity.mse < drones[0]!.fidelity.mse)
  const alone = await distill({ ...problem(), outputs: ['y'], hidden: [2], maxHidden: 2 })
  assert.is(JSON.stringify(drones[1]!.drone), JSON.stringify(alone.drone))
})

test('smallest: no smaller one that was tried is as faithful', async () => {
  const sizes = await frontier(problem(), [1, 2, 3, 4, 5, 6, 7, 8])
  const errors = sizes.map(({ fidelity }) => fidelity.mse)
  const target = (errors[1]! + errors[2]!) / 2
  const { drone, fidelity } = await smallest(problem(), target)
  assert.ok(fidelity.mse <= target)
  assert.is(fidelity.mse, errors[drone.hidden[0]! - 1])
  assert.ok(errors[drone.hidden[0]! - 2]! > target)
  assert.equal((await smallest(problem(), 1)).drone.hidden, [1])
})

test('a signal ends both with what they have', async () => {
  const run = (stop: AbortController) => ({ ...problem(), signal: stop.signal, onEpoch: () => stop.abort() })
  const drones = await frontier(run(new AbortController()), [1, 2])
  assert.equal(
    drones.map(({ stopped }) => stopped),
    ['aborted'],
  )
  assert.is((await smallest(run(new AbortController()), 1e-9)).stopped, 'aborted')
})

test('what is refused', async () => {
  const options = problem()
  await refused(
    distill({ ...options, parameters: 5 }),
    'parameters: 5, expected a whole number from 6 (one hidden unit, 3 inputs, 1 output)',
  )
  await refused(
    distill({ ...options, parameters: 50, maxHidden: 3 }),
    'parameters: given, and maxHidden too; only one of them can be the size',
  )
  const none = 'holdout: none, but the size of a drone is judged by events that are held out'
  await refused(frontier({ ...options, holdout: undefined }), none)
  await refused(smallest({ ...options, holdout: [] }, 1e-3), none)
  await refused(smallest(options, 0), 'mse: 0, expected a positive number')
  const sized = 'given, but drones of other sizes are asked for'
  await refused(smallest({ ...options, parameters: 30 }, 1e-3), `parameters: ${sized}`)
  await refused(frontier({ ...options, hidden: [4] }), `hidden: ${sized}`)
  await refused(frontier(options, []), 'sizes: an array of 0, expected an array of numbers of hidden units')
  await refused(frontier(options, [3, 0]), 'hidden[0]: 0, expected a whole number from 1 to 4096')
})

test.run()
