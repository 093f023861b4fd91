/** The paper's own teacher, on its own events and on ours, through the command. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readDecays } from '../../bench/bdecay.ts'
import { auc, standardised, statistics } from '../../bindings/index.ts'
import { scaledTeacher } from '../../toolkit/jobs/scaling.ts'
import { readKeras } from '../../toolkit/models/read/keras/index.ts'
import { decays } from '../../toolkit/simulation/decays/index.ts'
import { withData } from '../support.ts'
import { Folder, someDrone } from './support.ts'

const test = suite('the command with a Keras teacher')
const folder = new Folder()
test.after(() => folder.remove())

const TEACHER = 'bdecay/teacher.h5'
const eventsBeside = (teacher: string) => join(dirname(teacher), 'events.csv')

withData(test, 'predict answers as the teacher did', TEACHER, (teacher) => {
  const events = eventsBeside(teacher)
  const { status, out, err } = folder.run('predict', teacher, '--events', events, '--scale-from', 'label=1')
  assert.is(status, 0, err)
  assert.match(err, /names no inputs: takes the columns pt, eta, min_pt, max_pt, min_eta, max_eta/)
  const scores = out.trimEnd().split('\n').slice(1).map(Number)
  const { targets } = readDecays(events, 'teacher_h5')
  assert.is(scores.length, targets.length)
  const off = scores.reduce((most, score, n) => Math.max(most, Math.abs(score - targets[n]!)), 0)
  assert.ok(off <= 1e-5, `${off} away from the recorded answers`)
})

withData(test, 'distil makes a small drone that answers alike', TEACHER, (teacher) => {
  const data = ['--events', eventsBeside(teacher), '--scale-from', 'label=1', '--label', 'label']
  const { status, out, err } = folder.run(
    'distill',
    '--force',
    teacher,
    ...data,
    '--holdout',
    '0.5',
    '--questions',
    '20000',
    '--json',
  )
  assert.is(status, 0, err)
  const figures = JSON.parse(out)
  assert.ok(figures.parameters <= 161, `${figures.parameters} parameters`)
  assert.is(figures.events, 10_000)
  assert.equal(figures.questions.asked, 20_000)
  assert.ok(figures.mse <= 8e-4, `MSE ${figures.mse}`)
  assert.ok(Math.abs(figures.auc.drone - figures.auc.teacher) <= 3e-4, `AUC ${JSON.stringify(figures.auc)}`)
  const compared = folder.run('compare', 'drone.json', teacher, ...data, '--json')
  assert.is(compared.status, 0, compared.err)
  const { auc, events } = JSON.parse(compared.out)
  assert.is(events, 20_000)
  assert.ok(Math.abs(auc.teacher - 0.99925707) < 1e-6, `AUC of the teacher ${auc.teacher}`)
})

withData(test, 'the teacher tells generated decays apart as well as the real ones', TEACHER, async (path) => {
  const teacher = await readKeras({ path, bytes: readFileSync(path) })
  const real = readDecays(eventsBeside(path))
  const scale = (await statistics(real.events, 6, real.labels)).map(standardised)
  const scored = scaledTeacher(teacher, scale)
  const own = decays(20_000, 1)
  const area = auc(await scored.predictBatch(own.events), own.labels)
  assert.ok(Math.abs(area - 0.99925707) <= 0.01, `AUC ${area} on generated decays`)
})

test('standardising what knows its own scale is a mistake of usage', () => {
  someDrone(folder)
  folder.write('events.csv', 'a,b,c\n1,2,3\n')
  const { status, err } = folder.run('predict', 'drone.json', '--events', 'events.csv', '--scale-from', 'a=1')
  assert.is(status, 2)
  assert.match(err, /drone\.json knows by itself how events are standardised/)
  const wrong = folder.run('predict', 'drone.json', '--events', 'events.csv', '--scale-from', 'label')
  assert.is(wrong.status, 2)
  assert.match(wrong.err, /Expected COLUMN=NUMBER or all/)
})

withData(test, 'what the teacher cannot know is told, and too few columns are refused', TEACHER, (teacher) => {
  folder.write('few.csv', 'pt,eta,label\n1,2,1\n')
  const few = folder.run('predict', teacher, '--events', 'few.csv', '--scale-from', 'label=1')
  assert.is(few.status, 1)
  assert.match(few.err, /few\.csv: 2 columns, but .*teacher\.h5 has 6 inputs/)
  const rows = readFileSync(eventsBeside(teacher), 'utf8').split('\n').slice(0, 20)
  writeFileSync(folder.file('some.csv'), rows.join('\n'))
  const raw = folder.run('predict', teacher, '--events', 'some.csv')
  assert.is(raw.status, 0)
  assert.match(raw.err, /does not tell how its inputs were standardised/)
  const none = folder.run('predict', teacher, '--events', 'some.csv', '--scale-from', 'label=7')
  assert.is(none.status, 1)
  assert.match(none.err, /no event has label 7/)
})

test.run()
