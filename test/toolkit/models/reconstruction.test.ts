/** One answer of an autoencoder: how far its outputs are from its inputs. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDrone, openModel, readReconstruction, reconstructing } from '../../../toolkit/index.ts'
import { encodeKeras } from '../../../toolkit/models/write/keras/chain.ts'
import { denseTeacher } from '../../../toolkit/teachers/dense.ts'
import { seeded } from '../../support.ts'
import { Folder } from '../support.ts'

const test = suite('reconstruction')
const folder = new Folder()
test.after(() => folder.remove())

const COLUMNS = ['a', 'b', 'c']
const random = seeded(2)
const events = Array.from({ length: 400 }, () => COLUMNS.map(() => 6 * random.uniform() + 1))
const [{ layers }] = [denseTeacher([3, 2, 3], ['tanh', 'linear'], 4)]

test.before(async () => {
  folder.write('auto.h5', Buffer.from(await encodeKeras(denseTeacher([3, 2, 3], ['tanh', 'linear'], 4))))
  folder.write('events.csv', `a,b,c\n${events.map((event) => event.join()).join('\n')}\n`)
  folder.write('lacking.csv', 'a,b,c\n1,,3\n1,2,3\n')
})

/** The network written once more, in f64 on the weights of the file. */
function back(x: readonly number[]): number[] {
  const [first, second] = layers.map(({ parameters }) => parameters.map((values) => Float32Array.from(values)))
  const hidden = [0, 1].map((i) =>
    Math.tanh(first![1]![i]! + x.reduce((sum, value, j) => sum + value * first![0]![j * 2 + i]!, 0)),
  )
  return [0, 1, 2].map(
    (i) => second![1]![i]! + hidden.reduce((sum, value, j) => sum + value * second![0]![j * 3 + i]!, 0),
  )
}

function errorOf(x: readonly number[], places = [0, 1, 2]): number {
  const y = back(x)
  return places.reduce((sum, i) => sum + (x[i]! - y[i]!) ** 2, 0) / places.length
}

test('the mean of the squared differences, of all columns or some, and its logarithm', async () => {
  for (const [text, of] of [
    ['reconstruction', (x: number[]) => errorOf(x)],
    ['reconstruction(c, a)', (x: number[]) => errorOf(x, [2, 0])],
    ['log(reconstruction)', (x: number[]) => Math.log(errorOf(x))],
    [' log( reconstruction(b) )', (x: number[]) => Math.log(errorOf(x, [1]))],
  ] as const) {
    const answer = readReconstruction(text)
    const model = reconstructing(await openModel(folder.file('auto.h5')), answer, COLUMNS)
    assert.is(model.answer, text.replace(/\s/g, ''))
    const scores = await model.predictBatch(Float64Array.from(events.flat()))
    for (const [n, event] of events.entries()) {
      const expected = of(event)
      assert.ok(
        Math.abs(scores[n]! - expected) <= 1e-4 * Math.max(1, Math.abs(expected)),
        `${text}: ${scores[n]}, ${expected}`,
      )
    }
  }
})

test('a perfect one has a logarithm too, and a missing value no answer', async () => {
  const copy = {
    ...{ file: { path: 'copy' }, inputs: ['x'], outputs: ['y'], optional: new Set<string>() },
    predictBatch: async (events: Float32Array | Float64Array) => Float32Array.from(events),
    describe: () => ({ format: 'copy' }),
  }
  const model = reconstructing(copy, readReconstruction('log(reconstruction)'))
  assert.equal(
    [...(await model.predictBatch(Float64Array.of(2, Number.NaN)))],
    [Math.fround(Math.log(1e-12)), Number.NaN],
  )
})

test('a drone learns it by the command, remembers it, and is compared with it', async () => {
  const learnt = folder.run(
    ...['distill', 'auto.h5', '--answer', 'log(reconstruction(a,c))', '--events', 'events.csv', '--features', 'a,b,c'],
    ...['--scale-from', 'all', '--preset', 'reference', '--epochs', '2', '--hidden', '3', '--out', 'drone.json'],
  )
  assert.is(learnt.status, 0, learnt.err)
  assert.match(learnt.err, /compare drone\.json auto\.h5 --answer 'log\(reconstruction\(a,c\)\)'/)
  const { outputs, nndrone } = JSON.parse(readFileSync(folder.file('drone.json'), 'utf8'))
  assert.equal([outputs, nndrone.teacher.answer], [['log_reconstruction'], 'log(reconstruction(a,c))'])
  const compared = folder.run('compare', 'drone.json', 'auto.h5', '--events', 'events.csv')
  assert.is(compared.status, 2)
  assert.match(
    compared.err,
    /drone\.json has 1 output, auto\.h5 3; the drone learnt another answer: log\(reconstruction\(a,c\)\)\n/,
  )
  const same = folder.run(
    ...['compare', 'drone.json', 'auto.h5', '--answer', 'log(reconstruction(a,c))', '--events', 'events.csv', '--json'],
  )
  assert.is(same.status, 0, same.err)
  const drone = await openDrone(folder.file('drone.json'))
  const { offset, scale } = JSON.parse(readFileSync(folder.file('drone.json'), 'utf8')).nndrone.teacher.scaling[0]
  assert.ok(Number.isFinite(offset) && scale > 0)
  const scores = drone.predictBatch(Float64Array.from(events.flat()))
  const scaling: { offset: number; scale: number }[] = JSON.parse(readFileSync(folder.file('drone.json'), 'utf8'))
    .nndrone.teacher.scaling
  const mse =
    events.reduce((sum, event, n) => {
      const x = event.map((value, i) => (value + scaling[i]!.offset) * scaling[i]!.scale)
      return sum + (scores[n]! - Math.log(errorOf(x, [0, 2]))) ** 2
    }, 0) / events.length
  const told = JSON.parse(same.out).mse
  assert.ok(Math.abs(told / mse - 1) < 1e-3, `MSE ${told}, ${mse}`)
  const predicted = folder.run(
    ...['predict', 'auto.h5', '--answer', 'reconstruction', '--events', 'lacking.csv', '--scale-from', 'drone.json'],
  )
  assert.match(predicted.out, /^reconstruction\nnan\n\d/)
})

test('what is no answer, no autoencoder or no column is named', async () => {
  const expected = 'expected reconstruction or log(reconstruction), of all columns or of some as reconstruction(pt,eta)'
  for (const text of [
    '',
    'reconstructed',
    'log()',
    'reconstruction()',
    'log(reconstruction',
    'reconstruction(a)(b)',
    'log(log(reconstruction))',
  ]) {
    try {
      readReconstruction(text)
      assert.unreachable(`not refused: ${text}`)
    } catch (error) {
      assert.is((error as Error).message, `answer ${text}: ${expected}`)
    }
  }
  const model = await openModel(folder.file('auto.h5'))
  const path = folder.file('auto.h5')
  const throws = (run: () => unknown, message: string) => {
    try {
      run()
      assert.unreachable(`not refused: ${message}`)
    } catch (error) {
      assert.is((error as Error).message, message)
    }
  }
  throws(
    () => reconstructing(model, readReconstruction('reconstruction(d)'), COLUMNS),
    'answer: there is no input "d"; inputs are a, b, c',
  )
  throws(
    () =>
      reconstructing(
        { ...model, file: { path }, inputs: COLUMNS, outputs: ['y'] },
        readReconstruction('reconstruction'),
      ),
    `answer: ${path} has 3 inputs and 1 output, but an autoencoder answers with as many numbers as it is given`,
  )
})

test.run()
