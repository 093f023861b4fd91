/** A module as a teacher: what it exports, and what it answers, is checked. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openModel } from '../../../../toolkit/models/index.ts'
import { Folder } from '../../support.ts'
import { answers } from '../support.ts'

const test = suite('models: module')

let folder: Folder

test.before.each(() => {
  folder = new Folder()
})

test.after.each(() => folder.remove())

const sum = `
export const inputs = ['a', 'b']
export function predictBatch(events) {
  const scores = new Float32Array(events.length / 2)
  for (let n = 0; n < scores.length; n++) scores[n] = events[2 * n] + events[2 * n + 1]
  events.fill(0)
  return scores
}`

function open(content: string, name = 'teacher.mjs') {
  return openModel(folder.file(folder.write(name, content)))
}

async function refused(content: string, message: string | RegExp, name?: string): Promise<void> {
  let said = ''
  try {
    await answers(await open(content, name), [
      [1, 2],
      [3, 4],
    ])
  } catch (error) {
    assert.is((error as Error).name, 'InputError')
    said = (error as Error).message.replaceAll(`${folder.path}/`, '')
  }
  if (typeof message === 'string') assert.is(said, message)
  else assert.match(said, message)
}

test('answers, of a function that is slow or not, as typed or plain arrays; its events are its own', async () => {
  const model = await open(sum)
  assert.equal(model.inputs, ['a', 'b'])
  assert.equal(model.outputs, ['score'])
  assert.equal(model.describe(), { format: 'module', inputs: ['a', 'b'], outputs: ['score'] })
  const events = Float64Array.of(1, 2, 3, Number.NaN)
  assert.equal([...(await model.predictBatch(events))], [3, Number.NaN])
  assert.equal([...events], [1, 2, 3, Number.NaN])
  const later = await open(
    `export default { inputs: ['a', 'b'], outputs: ['p', 'q'], predictBatch: async (e) => Array.from(e, (x) => x / 2) }`,
    'later.mjs',
  )
  assert.equal(later.outputs, ['p', 'q'])
  assert.equal(await answers(later, [[1, 2]]), [0.5, 1])
})

test('wrong exports and answers', async () => {
  const teacher = (body: string) => `export const inputs = ['a', 'b']; export const predictBatch = () => ${body}`
  await refused(
    'export const inputs = []',
    't1.mjs: exports no inputs, expected an array of names that differ',
    't1.mjs',
  )
  await refused(
    `export const inputs = ['a', 'a']`,
    't2.mjs: exports no inputs, expected an array of names that differ',
    't2.mjs',
  )
  await refused(`export const inputs = ['a']`, 't3.mjs: exports no function predictBatch(events)', 't3.mjs')
  await refused(teacher('[1]'), 't4.mjs: 1 answers, expected 2 numbers (2 events × 1)', 't4.mjs')
  await refused(teacher('7'), 't5.mjs: the answer is 7, expected an array of 2 numbers (2 events × 1)', 't5.mjs')
  await refused(teacher(`[1, '2']`), 't6.mjs: "score" of event 1 (from 0): "2", expected a finite number', 't6.mjs')
  await refused(
    teacher('[1, 1 / 0]'),
    't7.mjs: "score" of event 1 (from 0): Infinity, expected a finite number',
    't7.mjs',
  )
  await refused(teacher('[1, 1e39]'), 't8.mjs: "score" of event 1 (from 0): 1e+39, expected a finite number', 't8.mjs')
  await refused(
    teacher('missing.thing'),
    /^t9.mjs: predictBatch failed: ReferenceError: missing is not defined/,
    't9.mjs',
  )
  await refused('this is no program', /^t10.mjs: cannot be loaded: /, 't10.mjs')
  await refused(`throw 'a string'`, 't11.mjs: cannot be loaded: a string', 't11.mjs')
})

test('TypeScript, where the runtime reads it', async () => {
  const model = await open(sum.replace('(events)', '(events: Float64Array)'), 'typed.ts')
  assert.equal(await answers(model, [[1, 2]]), [3])
})

test.run()
