/** Distillation: the authors' program reproduced, the ways to end, what is refused, and that a seed decides everything. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FEATURES, readDecays } from '../../../bench/bdecay.ts'
import {
  type Activation,
  auc,
  ConfigurationError,
  type DistillOptions,
  Drone,
  distill,
  EvaluationError,
  fidelity,
  type GrowthRule,
  type Network,
  statistics,
  type Teacher,
} from '../../../bindings/index.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded, withData } from '../../support.ts'

const WIDTH = 4
const INPUTS = ['a', 'b', 'c', 'd']

/** Events whose targets a small random network of tanh makes. */
function problem(count = 600, outputs = 1, last: Activation = 'sigmoid') {
  const random = seeded(7)
  const shape = { widths: [WIDTH, 6, outputs], activation: 'tanh', outputActivation: last, size: 2 } as const
  const teacher = Drone.from(randomNetwork(random, shape))
  const events = randomNumbers(random, count * WIDTH)
  return { teacher, events, targets: teacher.predictBatch(events) }
}

function options(more: Partial<DistillOptions> = {}): DistillOptions {
  const { events, targets } = problem()
  return { events, targets, inputs: INPUTS, epochs: 20, ...more }
}

async function refused(
  more: Partial<DistillOptions>,
  message: string,
  kind: new (message?: string) => Error = ConfigurationError,
) {
  try {
    await distill(options(more))
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.instance(error, kind)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

const reference = suite('distill: the authors’ program')

withData(reference, 'its trace: the same losses, growths and scores', 'bdecay/reference-trace.json', async (path) => {
  const trace = JSON.parse(readFileSync(path, 'utf8'))
  const all = readDecays(path.replace('reference-trace.json', 'events.csv'))
  const count = trace.eventIndex.length
  const events = new Float64Array(count * FEATURES.length)
  const targets = new Float32Array(count)
  for (const [n, event] of trace.eventIndex.entries()) {
    events.set(all.events.subarray(event * FEATURES.length, (event + 1) * FEATURES.length), n * FEATURES.length)
    targets[n] = all.targets[event]!
  }
  const layers: Network['layers'] = trace.initial.map(({ weight, bias }: { weight: number[][]; bias: number[][] }) => ({
    activation: 'sigmoid',
    alpha: 0,
    weights: Float32Array.from(weight.flat()),
    bias: Float32Array.from(bias.flat()),
  }))
  const { mean, scale } = trace.scaler
  for (const engine of ['simd', 'js'] as const) {
    const { drone, history } = await distill({
      events,
      targets,
      inputs: FEATURES.map((name, i) => ({ name, offset: -mean[i], scale: 1 / scale[i] })),
      layers,
      preset: 'reference',
      order: 'given',
      epochs: trace.losses.length,
      batch: trace.batchSize,
      learningRate: trace.learningRate,
      growth: { kappa: trace.kappa },
      engine,
    })
    assert.is(history.length, trace.losses.length)
    for (const [j, { loss }] of history.entries()) {
      assert.ok(
        Math.abs(loss - trace.losses[j]) <= 1e-4,
        `${engine}: loss of epoch ${j} is ${loss}, not ${trace.losses[j]}`,
      )
    }
    assert.equal(
      history.map((epoch) => Number(epoch.grew)),
      trace.grew,
    )
    assert.is(history.filter((epoch) => epoch.grew).length, 13)
    const scores = drone.predictBatch(events)
    for (const [n, score] of trace.finalScores.entries()) {
      assert.ok(Math.abs(scores[n]! - score) <= 1e-3, `${engine}: score ${n} is ${scores[n]}, not ${score}`)
    }
  }
})

withData(reference, 'the real events: size, MSE and AUC of the paper', 'bdecay/events.csv', async (path) => {
  const { events, targets, labels } = readDecays(path)
  const run = (more: Partial<DistillOptions>) => distill({ events, targets, inputs: FEATURES, epochs: 300, ...more })
  for (const preset of ['reference', 'paper'] as const) {
    const { drone, history, fidelity: measured } = await run({ preset, batchSize: 10, seed: 1 })
    assert.equal(drone.hidden, [15])
    assert.is(drone.parameters, 121)
    assert.is(history.filter((epoch) => epoch.grew).length, 10)
    assert.ok(measured.mse <= 3e-3, `${preset}: MSE ${measured.mse}`)
    assert.ok(auc(drone.predictBatch(events), labels) >= 0.995)
  }
  const { drone, fidelity: measured } = await run({ preset: 'reference', batchSize: 1, seed: 1 })
  assert.ok(measured.mse <= 1.2e-3, `batch 1: MSE ${measured.mse}`)
  assert.ok(auc(drone.predictBatch(events), labels) >= 0.998)
})

withData(reference, 'best on the real events', 'bdecay/events.csv', async (path) => {
  const { events, targets } = readDecays(path)
  const { drone, fidelity: measured } = await distill({ events, targets, inputs: FEATURES })
  assert.is(drone.parameters, 129)
  assert.ok(measured.mse <= 1.8e-4, `MSE ${measured.mse}`)
  const { mse } = fidelity(drone.predictBatch(events), targets)
  assert.ok(Math.abs(mse - measured.mse) < 1e-12, 'the fidelity is of these events')
})

reference.run()

/** Lets `best` learn by gradient descent alone. */
const NEVER: GrowthRule = { grows: () => false }

const test = suite('distill')

test('learns from a teacher what it learns from its answers', async () => {
  const { teacher, events, targets } = problem()
  for (const preset of ['best', 'paper', 'reference'] as const) {
    const known = await distill({ events, targets, inputs: INPUTS, outputs: ['y0'], preset, epochs: 15 })
    const asked = await distill({ events, teacher, inputs: INPUTS, preset, epochs: 15 })
    assert.is(JSON.stringify(asked.drone), JSON.stringify(known.drone))
    assert.ok(asked.history.at(-1)!.loss < asked.history[0]!.loss)
  }
})

test('the same seed gives the same drone in both engines, another seed another', async () => {
  for (const preset of ['best', 'paper', 'reference'] as const) {
    const run = async (engine: 'simd' | 'js', seed: number) => {
      const { drone } = await distill(
        options({ preset, engine, seed, holdout: 0.25, batchSize: 7, growth: { kappa: 0.2 } }),
      )
      return JSON.stringify(drone)
    }
    const first = await run('simd', 1)
    assert.is(await run('simd', 1), first)
    assert.is(await run('js', 1), first)
    assert.is.not(await run('simd', 2), first)
  }
})

test('what the JSON keeps of a run', async () => {
  const {
    drone,
    history,
    fidelity: measured,
    heldOut,
  } = await distill(
    options({ preset: 'paper', holdout: 0.2, growth: { kappa: 0.5 }, record: { teacher: { name: 'a test' } } }),
  )
  const { nndrone } = Drone.from(JSON.stringify(drone)).network as { nndrone: any }
  assert.equal(nndrone.teacher, { name: 'a test' })
  assert.is(nndrone.training.preset, 'paper')
  assert.is(nndrone.training.seed, 1)
  assert.is(nndrone.training.epochs, 20)
  assert.is(nndrone.training.events, 480)
  assert.is(nndrone.training.stopped, 'finished')
  assert.is(nndrone.training.loss.length, 20)
  assert.is(nndrone.training.change.length, 19)
  const growths = history.filter((epoch) => epoch.grew).map((epoch) => epoch.epoch)
  assert.ok(growths.length > 0)
  assert.equal(nndrone.training.growths, growths)
  assert.equal(Object.keys(nndrone.domain), INPUTS)
  assert.ok(nndrone.domain.a[0] < -2.5 && nndrone.domain.a[1] > 2.5)
  assert.is(nndrone.fidelity.heldOut, true)
  assert.is(nndrone.fidelity.events, 120)
  assert.is(heldOut.length, 120)
  assert.is(measured.events, 120)
})

test('held-out events are never seen: changing them changes nothing but the fidelity', async () => {
  const { events, targets } = problem()
  const first = await distill({ events, targets, inputs: INPUTS, epochs: 5, holdout: 0.3, preset: 'paper' })
  const changed = events.slice()
  for (const n of first.heldOut) changed.fill(0.5, n * WIDTH, (n + 1) * WIDTH)
  const second = await distill({ events: changed, targets, inputs: INPUTS, epochs: 5, holdout: 0.3, preset: 'paper' })
  assert.equal(second.drone.toJSON().layers, first.drone.toJSON().layers)
  assert.equal(second.drone.toJSON().inputs, first.drone.toJSON().inputs)
  assert.is.not(second.fidelity.mse, first.fidelity.mse)
})

test('standardises by the training events; constant columns and missing values too', async () => {
  const { events, targets } = problem()
  const altered = events.slice()
  for (let n = 0; n < altered.length; n += WIDTH) altered[n + 1] = 3
  for (let n = 0; n < altered.length; n += 5 * WIDTH) altered[n] = Number.NaN
  const { drone } = await distill({ events: altered, targets, inputs: INPUTS, epochs: 3, order: 'given' })
  const present = [...altered.filter((_, i) => i % WIDTH === 0)].filter((value) => !Number.isNaN(value))
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length)
  const [a, b, c] = drone.network.inputs
  assert.ok(Math.abs(a!.offset + mean) < 1e-12 && Math.abs(a!.scale * deviation - 1) < 1e-12)
  assert.ok(Math.abs(a!.default! - mean) < 1e-12, 'a missing value becomes the mean')
  assert.is(b!.offset, -3)
  assert.is(b!.scale, 1)
  assert.is(c!.default, undefined)
  const given = { name: 'a', offset: 1, scale: 2, default: 9 }
  const kept = await distill({ events, targets, inputs: [given, 'b', { name: 'c', scale: 5 }, 'd'], epochs: 1 })
  assert.equal(kept.drone.network.inputs[0], given)
  assert.is(kept.drone.network.inputs[2]!.scale, 5)
})

test('a value that is missing in a held-out event alone gets the training mean too', async () => {
  const { events, targets } = problem()
  const { heldOut } = await distill({ events, targets, inputs: INPUTS, epochs: 1, holdout: 0.2 })
  const altered = events.slice()
  altered[heldOut[3]! * WIDTH + 2] = Number.NaN
  const { drone, fidelity: measured } = await distill({
    events: altered,
    targets,
    inputs: INPUTS,
    epochs: 1,
    holdout: 0.2,
  })
  assert.ok(Number.isFinite(measured.mse))
  const { offset, default: fallback } = drone.network.inputs[2]!
  assert.is(fallback, -offset)
})

test('statistics keep their digits beside large offsets and outliers', async () => {
  for (const [first, offset] of [
    [1e15, 0],
    [1.7e12, 1.7e12],
    [0.5, 0],
  ] as const) {
    const random = seeded(8)
    const column = new Float64Array(5000).map((_, n) => (n === 0 ? first : offset + random.uniform()))
    const rows = new Uint8Array(5000).fill(1)
    if (offset === 0) rows[0] = 0
    const [known] = await statistics(column, 1, rows)
    const chosen = column.filter((_, n) => rows[n])
    // About the second value, which is no outlier, and its difference to the others is exact.
    const x = chosen.map((value) => value - chosen[1]!)
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length)
    assert.ok(Math.abs(known!.deviation / deviation - 1) < 1e-6, `${known!.deviation}, expected ${deviation}`)
    assert.ok(Math.abs(known!.mean - chosen[1]! - mean) <= 1e-3 * deviation)
  }
})

test('several outputs: softmax, sigmoids, linear', async () => {
  for (const last of ['softmax', 'sigmoid', 'linear'] as const) {
    const { events, targets } = problem(600, 3, last)
    const outputs = ['x', 'y', 'z']
    for (const preset of ['best', 'paper'] as const) {
      const learningRate = last === 'linear' ? 0.01 : undefined
      const more = { preset, outputs, outputActivation: last, learningRate, epochs: 40 } as const
      const { history, drone } = await distill({ events, targets, inputs: INPUTS, ...more })
      assert.ok(
        history.at(-1)!.loss < 0.7 * history[0]!.loss,
        `${last}, ${preset}: ${history[0]!.loss} to ${history.at(-1)!.loss}`,
      )
      assert.equal(drone.outputs, outputs)
    }
  }
})

test('an aborted run gives the drone of the lowest loss', async () => {
  const controller = new AbortController()
  const seen: number[] = []
  const { drone, history, stopped } = await distill(
    options({
      preset: 'paper',
      epochs: 1000,
      signal: controller.signal,
      onEpoch: ({ epoch, loss }) => {
        seen.push(loss)
        if (epoch === 30) controller.abort()
      },
    }),
  )
  assert.is(stopped, 'aborted')
  assert.is(history.length, 30)
  assert.equal(
    seen,
    history.map((epoch) => epoch.loss),
  )
  const best = history.reduce((low, epoch) => (epoch.loss < low.loss ? epoch : low))
  const whole = await distill(options({ preset: 'paper', epochs: best.epoch }))
  assert.equal(drone.toJSON().layers, whole.drone.toJSON().layers)
})

test('a run that is aborted amid a mini-batch is as if that had not begun', async () => {
  const { layers } = randomNetwork(seeded(6), { widths: [4, 5, 1] })
  for (const engine of ['simd', 'js'] as const) {
    let looks = 0
    const signal = {
      get aborted() {
        return ++looks === 2
      },
    } as AbortSignal
    const { drone, history, stopped } = await distill(options({ layers, batchSize: 600, signal, engine }))
    assert.is(stopped, 'aborted')
    assert.equal(history, [])
    assert.equal(
      drone.network.layers.map(({ weights }) => weights),
      layers.map(({ weights }) => weights),
    )
  }
})

test('the ways to end', async () => {
  const target = await distill(options({ preset: 'paper', epochs: 1000, targetMse: 0.05 }))
  assert.is(target.stopped, 'target')
  assert.ok(target.history.length < 1000)
  assert.ok(target.history.at(-1)!.loss / 10 <= 0.05)

  const { events } = problem()
  const linear = { outputActivation: 'linear', preset: 'paper' } as const
  const targets = Float32Array.from({ length: 600 }, (_, n) => n % 2)
  const wild = await distill({ events, inputs: INPUTS, targets, ...linear, learningRate: 1e20 })
  assert.is(wild.stopped, 'diverged')
  assert.ok(wild.drone.network.layers.every((layer) => layer.weights.every(Number.isFinite)))

  const step = { epochs: 1, batchSize: 600, learningRate: 1e300 }
  const last = await distill({ events, inputs: INPUTS, targets, ...linear, ...step })
  assert.is(last.stopped, 'diverged', 'the loss was finite, but the last step was not')
  assert.ok(last.drone.network.layers.every((layer) => layer.weights.every(Number.isFinite)))

  const zero = { activation: 'linear', alpha: 0, weights: new Float32Array(4), bias: new Float32Array(1) } as const
  const done = await distill({ events, inputs: INPUTS, targets: new Float32Array(600), layers: [zero], ...linear })
  assert.is(done.stopped, 'zero')
  assert.is(done.history.length, 1)
})

test('a rule of one’s own, none at all, and the most units', async () => {
  const seen: [number, number][] = []
  const rule = {
    grows(loss: number, change: number) {
      seen.push([loss, change])
      return seen.length % 3 === 0
    },
  }
  const own = await distill(options({ rule, hidden: [2, 3], preset: 'paper' }))
  assert.equal(own.drone.hidden, [5, 6], 'the layers take turns')
  assert.is(seen.length, 19, 'the first epoch never grows')
  for (const [j, [loss, change]] of seen.entries()) {
    assert.is(loss, own.history[j + 1]!.loss)
    assert.is(change, Math.abs(loss - own.history[j]!.loss) / loss)
  }
  assert.equal((await distill(options({ rule: null }))).drone.hidden, [5])
  const always = { grows: () => true }
  assert.equal((await distill(options({ rule: always, maxHidden: 8 }))).drone.hidden, [8])
})

test('growth passes over a layer that is full', async () => {
  const always = { grows: () => true }
  for (const hidden of [
    [5, 2],
    [2, 5],
  ]) {
    const { drone } = await distill(options({ rule: always, maxHidden: 5, hidden }))
    assert.equal(drone.hidden, [5, 5])
  }
})

test('a rule may ask for up to twice the epochs', async () => {
  const rule = { grows: () => false, continues: () => true }
  assert.is((await distill(options({ rule, epochs: 7 }))).history.length, 14)
  let left = 3
  const three = { grows: () => false, continues: () => left-- > 0 }
  assert.is((await distill(options({ rule: three, epochs: 7 }))).history.length, 10)
})

test('best that grows: the given order is kept, another seed shuffles otherwise, the rate falls', async () => {
  const { layers } = randomNetwork(seeded(6), { widths: [4, 5, 1] })
  const run = async (more: Partial<DistillOptions>) => {
    const { drone } = await distill(options({ layers, rule: NEVER, epochs: 4, ...more }))
    return JSON.stringify(drone.toJSON().layers)
  }
  assert.is(await run({ order: 'given', seed: 1 }), await run({ order: 'given', seed: 2 }))
  assert.is.not(await run({ seed: 1 }), await run({ seed: 2 }))
  // Two epochs of four are trained with the rates 1 and ¾ of the first, the two of two with 1 and ½.
  const half = async (epochs: number) => {
    const stop = new AbortController()
    const onEpoch = ({ epoch }: { epoch: number }) => epoch === 2 && stop.abort()
    const { history } = await distill(
      options({ layers, rule: NEVER, order: 'given', epochs, onEpoch, signal: stop.signal }),
    )
    return history.map((epoch) => epoch.loss)
  }
  const [four, two] = [await half(4), await half(2)]
  assert.is(four[0], two[0])
  assert.is.not(four[1], two[1])
})

test('hidden layers of other activations learn, and grow at random where zero would be dead', async () => {
  const always = { grows: () => true }
  for (const activation of ['rectified', 'tanh', 'elu', 'swish', 'leakyrelu'] as const) {
    const { history, drone } = await distill(options({ activation, rule: always, maxHidden: 9, hidden: [4] }))
    assert.equal(drone.hidden, [9])
    assert.ok(history.at(-1)!.loss < history[0]!.loss, activation)
    if (activation === 'leakyrelu') assert.ok(drone.network.layers[0]!.alpha < 0.5, 'it bends')
  }
  await refused(
    { activation: 'rectified', preset: 'paper' },
    'incoming: "zero" leaves a unit of rectified dead for ever, since rectified(0) = 0; use "random"',
  )
})

test('what is refused before anything is trained', async () => {
  await refused({ epochs: 0 }, 'epochs: 0, expected a whole number from 1')
  await refused({ batchSize: 601 }, 'batchSize: 601, expected a whole number from 1 to 600 (events to train with)')
  await refused({ learningRate: -1 }, 'learningRate: -1, expected a positive number')
  await refused({ seed: 1.5 }, 'seed: 1.5, expected a whole number from 0')
  await refused({ holdout: 1 }, 'holdout: 1, expected a fraction from 0 to below 1')
  await refused({ hidden: [5, 0] }, 'hidden[1]: 0, expected a whole number from 1 to 4096')
  await refused({ preset: 'fast' as 'best' }, 'preset: "fast", expected one of best, paper, reference')
  await refused({ inputs: ['a', 'b', 'c'].concat('a') }, 'inputs[3]: "a" is the name of inputs[0] too')
  await refused(
    { inputs: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    'events: a typed array of 2400, expected a positive multiple of 7 numbers (7 inputs)',
  )
  await refused(
    { events: [1, 2] as unknown as Float32Array },
    'events: an array of 2, expected a Float32Array or a Float64Array',
  )
  await refused({ hidden: 5 as unknown as number[] }, 'hidden: 5, expected an array of numbers of units')
  await refused({ layers: 5 as unknown as [] }, 'layers: 5, expected an array of layers')
  await refused({ layers: [null] as never }, 'layers[0].weights: undefined, expected a Float32Array')
  await refused(
    { layers: [{ activation: 'linear', alpha: 0, weights: new Float32Array(4), bias: [0] }] as never },
    'layers[0].bias: an array of 1, expected a Float32Array',
  )
  await refused({ outputs: 'y' as unknown as [] }, 'outputs: "y", expected an array of names')
  await refused({ order: 'random' as 'given' }, 'order: "random", expected "shuffled" or "given"')
  await refused({ rule: {} as GrowthRule }, 'rule: an object, expected an object with a method grows')
  await refused({ growth: { kappa: 'x' as unknown as number } }, 'growth.kappa: "x", expected a number from 0')
  const rectified = randomNetwork(seeded(1), { widths: [4, 5, 1], activation: 'rectified' }).layers
  await refused(
    { layers: rectified, preset: 'paper' },
    'incoming: "zero" leaves a unit of rectified dead for ever, since rectified(0) = 0; use "random"',
  )
  await refused(
    { events: new Float32Array(4), targets: [0], holdout: 0.9 },
    'holdout: leaves none of 1 event to train with',
  )
  await refused({ targets: [1, 2] }, 'targets: 2 numbers, expected 600 (600 events × 1 output)')
  await refused({ targets: undefined }, 'teacher: not given, and no targets either; distill needs one of them')
  const wrong = problem().targets.slice()
  wrong[17] = 1.5
  await refused(
    { targets: wrong, outputActivation: 'sigmoid' },
    'target "score" of event 17: 1.5, expected 0 to 1 (the output is sigmoid; a linear one can give any number)',
    EvaluationError,
  )
  const none = new Float32Array(600).fill(Number.NaN)
  await refused({ targets: none }, 'targets: no finite answer to any of 600 events', EvaluationError)
  const text = Array.from(problem().targets).with(17, '0.5' as never)
  await refused({ targets: text }, 'target "score" of event 17: "0.5", expected a number', EvaluationError)
  const teacher = { inputs: ['a', 'b', 'c', 'd'], outputs: ['y'], predictBatch: () => new Float32Array(3) }
  await refused(
    { targets: undefined, teacher },
    'the teacher gave 3 answers, expected 600 (600 events × 1 output)',
    EvaluationError,
  )
  const silent = { ...teacher, predictBatch: () => none }
  await refused(
    { targets: undefined, teacher: silent },
    'the teacher: no finite answer to any of 600 events',
    EvaluationError,
  )
  const typing = { ...teacher, predictBatch: () => new Array(600).fill(0.5).with(3, '1') as never }
  await refused(
    { targets: undefined, teacher: typing },
    'target "y" of event 3: "1", expected a number',
    EvaluationError,
  )
  await refused({ activation: 'softmax' }, 'activation: "softmax" is possible in the last layer only')
  await refused({ outputs: [] }, 'outputs: an array of 0, expected an array of names')
  // Before a teacher is asked, too.
  const never = { ...teacher, predictBatch: () => assert.unreachable('asked') as never }
  await refused(
    { targets: undefined, teacher: never, layers: randomNetwork(seeded(1), { widths: [3, 5, 1] }).layers },
    'layers[0].weights: 15 numbers, expected 20 (4 inputs × 5 outputs)',
  )
  await refused(
    { targets: undefined, teacher: never, inputs: ['a', { name: 'b', scale: Number.NaN }, 'c', 'd'] },
    'inputs[1].scale: NaN, expected a finite number',
  )
  await refused(
    { targets: undefined, teacher: never, batchSize: 601 },
    'batchSize: 601, expected a whole number from 1 to 600 (events to train with)',
  )
  await refused(
    { targets: undefined, teacher: {} as Teacher },
    'teacher: an object, expected an object with inputs, outputs and predictBatch',
  )
  await refused(
    { targets: undefined, teacher: { ...teacher, inputs: ['a', 'c', 'b', 'd'] } },
    'inputs[1]: "b", but the teacher takes them in the order a, c, b, d',
  )
  const narrow = { ...teacher, inputs: ['a'] }
  await refused({ targets: undefined, teacher: narrow }, 'inputs: 4 names, but the teacher has 1 input (a)')
})

test('a teacher that answers later, and in pieces', async () => {
  const { teacher, events } = problem(9000)
  const asked: number[] = []
  const slow = {
    inputs: INPUTS,
    outputs: ['y0'],
    async predictBatch(rows: Float32Array | Float64Array) {
      asked.push(rows.length / WIDTH)
      await new Promise((resolve) => setTimeout(resolve, 1))
      return teacher.predictBatch(rows)
    },
  }
  const { drone } = await distill({ events, teacher: slow, inputs: INPUTS, epochs: 2 })
  assert.ok(asked.length > 1 && asked.reduce((sum, n) => sum + n) === 9000)
  const direct = await distill({ events, teacher, inputs: INPUTS, epochs: 2 })
  assert.is(JSON.stringify(drone), JSON.stringify(direct.drone))
  assert.is(firstDifference(drone.predictBatch(events), direct.drone.predictBatch(events)), -1)
})

test('the event loop has its turns', async () => {
  let calls = 0
  const timer = setInterval(() => calls++, 1)
  const { events, targets } = problem(20000)
  const began = performance.now()
  await distill({ events, targets, inputs: INPUTS, epochs: 100 })
  const took = performance.now() - began
  clearInterval(timer)
  assert.ok(calls > took / 50, `${calls} calls in ${took.toFixed(0)} ms`)
})

test.run()
