/** Runs of `best`: what is started from and ended with, what the history says, and events that are hard to learn from. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Activation, type DistillOptions, Drone, distill, type Epoch } from '../../../bindings/index.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded } from '../../support.ts'

const INPUTS = ['a', 'b', 'c']

/** Events whose answers a small random network gives. */
function problem({ count = 500, outputs = 1, last = 'sigmoid' as Activation, size = 1.5 } = {}): DistillOptions {
  const random = seeded(5)
  const shape = { widths: [3, 5, outputs], activation: 'tanh', outputActivation: last, size } as const
  const events = randomNumbers(random, 3 * count, 2)
  const targets = Drone.from(randomNetwork(random, shape)).predictBatch(events)
  return { events, targets, inputs: INPUTS, outputs: Array.from({ length: outputs }, (_, i) => `y${i}`) }
}

const finite = (drone: Drone) =>
  drone.network.layers.every(({ weights, bias }) => [...weights, ...bias].every(Number.isFinite))

const test = suite('distill: best')

test('starts with units to spare, ends with the size that is wanted, and says what happened', async () => {
  const seen: [Epoch, number][] = []
  const { drone, history, stopped, fidelity } = await distill({
    ...problem(),
    maxHidden: 4,
    onEpoch: (epoch, total) => seen.push([epoch, total]),
  })
  assert.is(stopped, 'finished')
  assert.equal(drone.hidden, [4])
  assert.equal(
    drone.network.layers.map(({ activation }) => activation),
    ['tanh', 'sigmoid'],
  )
  assert.ok(fidelity.mse < 1e-3, `${fidelity.mse}`)
  assert.equal(
    history,
    seen.map(([epoch]) => epoch),
  )
  assert.equal(
    history.map(({ epoch }) => epoch),
    history.map((_, i) => i + 1),
  )
  assert.is(seen.at(-1)![1], history.length)
  assert.ok(seen.every(([, total], i) => i === 0 || total <= seen[i - 1]![1]))
  const prunings = history.filter(({ step }) => step === 'pruning')
  assert.equal(
    prunings.map(({ hidden }) => hidden[0]),
    [16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5],
  )
  const descents = history.filter(({ step }) => step === 'descent').length
  assert.is(descents, 400)
  assert.ok(history.slice(0, descents).every(({ step, hidden }) => step === 'descent' && hidden[0] === 16))
  assert.ok(history.every(({ grew }) => !grew))
  // Steps of second order never go up, but where a unit has just gone.
  for (const [i, { step, loss }] of history.entries()) {
    if (step !== 'second-order' || history[i - 1]!.step !== 'second-order') continue
    assert.ok(loss <= 1.2 * history[i - 1]!.loss, `epoch ${i + 1}`)
  }
  const { training } = (JSON.parse(JSON.stringify(drone)) as any).nndrone
  assert.is(training.preset, 'best')
  assert.is(training.descents, 400)
  assert.equal(training.startedFrom, [16])
  assert.equal(
    training.prunings,
    prunings.map(({ epoch }) => epoch),
  )
  assert.equal(training.growths, [])
  assert.is(training.loss.length, history.length)
})

test('the size: 16 units unless given, at most maxHidden, at least hidden; rule null takes hidden as it is', async () => {
  const size = async (more: Partial<DistillOptions>) => {
    const { drone } = await distill({ ...problem({ count: 60 }), epochs: 8, ...more })
    return drone.hidden
  }
  assert.equal(await size({}), [16])
  assert.equal(await size({ hidden: [20] }), [20])
  assert.equal(await size({ maxHidden: 3 }), [3])
  assert.equal(await size({ maxHidden: 3, hidden: [2] }), [3])
  assert.equal(await size({ maxHidden: 3, hidden: [4] }), [4])
  assert.equal(await size({ rule: null }), [5])
  assert.equal(await size({ rule: null, hidden: [2, 3] }), [2, 3])
  assert.equal(await size({ maxHidden: 4, hidden: [1, 2] }), [4, 4])
  assert.equal(await size({ hidden: [] }), [])
})

test('grows by gradient descent where a drone is large, or growth is asked for', async () => {
  const begun = async (more: Partial<DistillOptions>) => {
    const stop = new AbortController()
    const onEpoch = () => stop.abort()
    const { drone, history } = await distill({ ...problem({ count: 60 }), signal: stop.signal, onEpoch, ...more })
    return [drone.hidden[0]!, history[0]!.step, drone.network.layers[0]!.activation]
  }
  // 199 units have 996 parameters, 200 have 1001.
  assert.equal(await begun({ hidden: [199] }), [211, 'descent', 'tanh'])
  assert.equal(await begun({ hidden: [200] }), [200, undefined, 'sigmoid'])
  assert.equal(await begun({ growth: { kappa: 1e-9 } }), [5, undefined, 'sigmoid'])
  assert.equal(await begun({ growth: {} }), [28, 'descent', 'tanh'])
  assert.equal(await begun({ rule: { grows: () => false } }), [5, undefined, 'sigmoid'])
  assert.equal(await begun({ activation: 'swish' }), [28, 'descent', 'swish'])
  assert.equal(await begun({ preset: 'paper' }), [5, undefined, 'sigmoid'])
})

test('no more epochs than are asked for, and fewer units to spare where they are few', async () => {
  for (const [epochs, spare] of [
    [1, 0],
    [9, 0],
    [10, 1],
    [47, 4],
    [300, 12],
  ] as const) {
    const { history } = await distill({ ...problem({ count: 80 }), maxHidden: 3, epochs })
    assert.is(history.filter(({ step }) => step === 'pruning').length, spare)
    assert.ok(history.length <= epochs && history.length >= epochs / 3, `${history.length} of ${epochs}`)
  }
  const { history } = await distill({ ...problem({ count: 80 }), hidden: [2, 2, 2], maxHidden: 2, epochs: 40 })
  assert.equal(history[0]!.hidden, [3, 3, 3])
})

test('the same seed gives the same bits in both engines, another seed another drone', async () => {
  for (const more of [
    { activation: 'tanh', outputs: 1, last: 'sigmoid' },
    { activation: 'swish', outputs: 1, last: 'sigmoid', loss: 'squared' },
    { activation: 'sigmoid', outputs: 3, last: 'softmax' },
    { activation: 'elu', outputs: 2, last: 'linear', hidden: [3, 2] },
  ] as const) {
    const run = async (engine: 'simd' | 'js', seed: number) => {
      const { outputs, last, ...options } = more
      const { drone } = await distill({
        ...problem({ count: 90, outputs, last }),
        ...options,
        ...{ maxHidden: 3, epochs: 60, holdout: 0.2, engine, seed },
      })
      return JSON.stringify(drone)
    }
    const first = await run('simd', 1)
    assert.is(await run('simd', 1), first)
    assert.is(await run('js', 1), first, `${more.activation} ${more.last}`)
    assert.is.not(await run('simd', 2), first)
  }
})

test('several classes, several sigmoids, linear outputs, squares', async () => {
  for (const [outputs, last, loss] of [
    [3, 'softmax', 'cross-entropy'],
    [3, 'softmax', 'squared'],
    [2, 'sigmoid', 'cross-entropy'],
    [2, 'linear', 'cross-entropy'],
    [1, 'linear', 'squared'],
  ] as const) {
    const { drone, fidelity } = await distill({ ...problem({ outputs, last, count: 400 }), maxHidden: 6, loss })
    assert.is(drone.network.layers.at(-1)!.activation, last)
    assert.ok(fidelity.mse < 1e-4, `${outputs} ${last} ${loss}: ${fidelity.mse}`)
  }
})

test('a saved drone scores with the bits of the trained one', async () => {
  const options = problem({ count: 300 })
  const { drone } = await distill({ ...options, maxHidden: 5, epochs: 60 })
  const saved = Drone.from(JSON.stringify(drone))
  assert.is(firstDifference(saved.predictBatch(options.events), drone.predictBatch(options.events)), -1)
})

test('hard to learn from: one event, fewer than parameters, constant inputs, one answer, values missing', async () => {
  const whole = problem({ count: 300 })
  const few = (count: number): Partial<DistillOptions> => ({
    events: whole.events.slice(0, 3 * count),
    targets: (whole.targets as Float32Array).slice(0, count),
  })
  const constant = whole.events.map((value, at) => (at % 3 === 1 ? 7 : value))
  const holes = whole.events.map((value, at) => (at % 7 === 0 ? Number.NaN : value))
  for (const [name, more, most] of [
    ['one event', few(1), 1e-4],
    ['two events', few(2), 1e-4],
    ['fewer events than parameters', few(20), 1e-3],
    ['a constant input', { events: constant }, 0.05],
    ['nothing but constant inputs', { events: whole.events.map(() => 3) }, 0.1],
    ['missing values', { events: holes }, 0.05],
    ['one answer', { targets: new Float32Array(300).fill(0.25) }, 1e-6],
    ['answers 0 and 1', { targets: Float32Array.from({ length: 300 }, (_, n) => n % 2) }, 0.3],
    ['answers all 0', { targets: new Float32Array(300) }, 1e-6],
    ['one answer of a linear output', { targets: new Float32Array(300).fill(42) }, 1e-6],
  ] as const) {
    const { drone, fidelity, stopped } = await distill({ ...whole, ...more, maxHidden: 4 })
    assert.ok(finite(drone), name)
    assert.ok(stopped === 'finished' || stopped === 'zero', `${name}: ${stopped}`)
    assert.ok(fidelity.mse <= most, `${name}: ${fidelity.mse}`)
    assert.equal(drone.hidden, [4], name)
  }
})

test('layers that are given are gone on from, and widened', async () => {
  const options = problem()
  const first = await distill({ ...options, maxHidden: 3, epochs: 60 })
  const { layers } = first.drone.network
  const inputs = first.drone.network.inputs
  const again = await distill({ ...options, inputs, layers, rule: null })
  assert.ok(again.history.every(({ step }) => step !== 'descent'))
  assert.equal(again.history[0]!.hidden, [15])
  assert.ok(Math.abs(again.history[0]!.loss / first.fidelity.mse - 1) < 1e-5, 'units to spare change no answer')
  assert.ok(again.fidelity.mse <= first.fidelity.mse)
  assert.equal((await distill({ ...options, inputs, layers, epochs: 30 })).drone.hidden, [16])
})

test('an aborted run gives what it has: the drone of the moment, or the layers that were given', async () => {
  const abortedAfter = (epochs: number, more: Partial<DistillOptions> = {}) => {
    const stop = new AbortController()
    const onEpoch = ({ epoch }: Epoch) => epoch === epochs && stop.abort()
    return distill({ ...problem({ count: 2000 }), maxHidden: 4, signal: stop.signal, onEpoch, ...more })
  }
  for (const [epochs, hidden] of [
    [1, 16],
    [110, 16],
    [252, 15],
  ] as const) {
    const { drone, history, stopped } = await abortedAfter(epochs)
    assert.is(stopped, 'aborted')
    assert.is(history.length, epochs)
    assert.equal(drone.hidden, [hidden], `after epoch ${epochs}`)
  }
  const { layers } = randomNetwork(seeded(6), { widths: [3, 4, 1] })
  const { drone } = await abortedAfter(3, { layers })
  assert.equal(
    drone.network.layers.map(({ weights }) => weights),
    layers.map(({ weights }) => weights),
  )
})

test('a target ends the run once the drone has the size that is wanted', async () => {
  const { drone, history, stopped, fidelity } = await distill({ ...problem(), maxHidden: 4, targetMse: 2e-3 })
  assert.is(stopped, 'target')
  assert.equal(drone.hidden, [4])
  assert.ok(fidelity.mse <= 2e-3)
  assert.is(history.at(-2)!.step, 'pruning')
})

test('labels are not learnt by heart: the drone finds the probabilities that they were drawn with', async () => {
  const { events, targets: truth, ...options } = problem({ count: 500 })
  const random = seeded(7)
  const labels = Float32Array.from(truth as Float32Array, (p) => (random.uniform() < p ? 1 : 0))
  const error = async (targets: Float32Array) => {
    const { drone } = await distill({ ...options, events, targets, maxHidden: 8 })
    const scores = drone.predictBatch(events)
    return scores.reduce((sum, g, n) => sum + (g - truth![n]!) ** 2, 0) / scores.length
  }
  // Hardly other answers, which are none of labels.
  const [learnt, byHeart] = [await error(labels), await error(labels.map((label) => (label === 1 ? 1 - 1e-4 : 1e-4)))]
  assert.ok(learnt < 0.02, `${learnt}`)
  assert.ok(learnt < byHeart / 2, `${learnt}, ${byHeart}`)
})

test('the fidelity has its standard error, and that in sample beside it', async () => {
  const options = problem({ count: 400, outputs: 2 })
  const { drone, fidelity, heldOut } = await distill({ ...options, maxHidden: 2, epochs: 20, holdout: 0.25 })
  const scores = drone.predictBatch(options.events)
  const targets = options.targets as Float32Array
  const errors = Array.from({ length: 400 }, (_, n) =>
    [2 * n, 2 * n + 1].reduce((sum, i) => sum + (scores[i]! - targets[i]!) ** 2 / 2, 0),
  )
  const known = (chosen: number[]) => {
    const mean = chosen.reduce((sum, n) => sum + errors[n]!, 0) / chosen.length
    const variance = chosen.reduce((sum, n) => sum + (errors[n]! - mean) ** 2, 0) / (chosen.length - 1)
    return [mean, Math.sqrt(variance / chosen.length)] as const
  }
  const out = [...heldOut]
  const rest = errors.map((_, n) => n).filter((n) => !out.includes(n))
  const [mse, error] = known(out)
  assert.ok(Math.abs(fidelity.mse / mse - 1) < 1e-9)
  assert.ok(Math.abs(fidelity.mseError! / error - 1) < 1e-6, `${fidelity.mseError}, ${error}`)
  assert.ok(Math.abs(fidelity.inSample!.mse / known(rest)[0] - 1) < 1e-9)
  assert.is(fidelity.inSample!.events, 300)
  const { fidelity: kept } = (JSON.parse(JSON.stringify(drone)) as any).nndrone
  assert.is(kept.mseError, Number(fidelity.mseError!.toPrecision(7)))
  assert.is(kept.inSample.mse, Number(fidelity.inSample!.mse.toPrecision(7)))
  const whole = await distill({ ...options, epochs: 2 })
  assert.equal(Object.keys(whole.fidelity), ['mse', 'mae', 'maxError', 'events', 'heldOut'])
})

test('the event loop has its turns with large matrices too', async () => {
  let calls = 0
  const timer = setInterval(() => calls++, 1)
  const began = performance.now()
  await distill({ ...problem({ count: 300 }), hidden: [80], epochs: 3 })
  const took = performance.now() - began
  clearInterval(timer)
  assert.ok(calls > took / 50, `${calls} calls in ${took.toFixed(0)} ms`)
})

test.run()
