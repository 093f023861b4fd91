/** Models that run other people's code: they are stopped where they take too much, and signals always work. */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openModel } from '../../../toolkit/models/index.ts'
import { seeded } from '../../support.ts'
import { ended, Folder } from '../support.ts'
import { fixture } from './support.ts'

const test = suite('models elsewhere')
const folder = new Folder()
test.after(() => folder.remove())

folder.write('events.csv', 'a\n1\n2\n')
const teacher = (body: string) => `
  import { writeFileSync } from 'node:fs'
  export const inputs = ['a']
  export function predictBatch(events) { ${body} }`
folder.write('endless.mjs', teacher(`writeFileSync('pid', String(process.pid)); for (;;);`))

/** Whether a process runs; one that has ended and that nobody has asked about yet does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

async function pidOfTeacher(): Promise<number> {
  while (!existsSync(folder.file('pid')) || readFileSync(folder.file('pid'), 'utf8') === '') await sleep(5)
  return Number(readFileSync(folder.file('pid'), 'utf8'))
}

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGKILL', null],
] as const) {
  if (process.platform !== 'linux') continue
  test(`${signal} ends a command whose teacher is in an endless loop, and the teacher with it`, async () => {
    folder.write('pid', '')
    const child = folder.start('predict', 'endless.mjs', '--events', 'events.csv')
    const code = ended(child)
    const pid = await pidOfTeacher()
    child.kill(signal)
    assert.is(await code, expected)
    while (runs(pid)) await sleep(5)
  })
}

const DEATHS: [body: string, message: string][] = [
  ['process.exit(3)', 'the module ended with exit code 3'],
  [`process.kill(process.pid, 'SIGSEGV')`, 'the module ended with SIGSEGV'],
  ['return new Promise(() => {})', 'the module waits for what never comes'],
]

for (const [body, message] of DEATHS) {
  test(`a teacher that does not answer: ${message}`, () => {
    folder.write('teacher.mjs', teacher(body))
    const { status, err, out } = folder.run('predict', 'teacher.mjs', '--events', 'events.csv')
    assert.is(err, `nndrone: teacher.mjs: ${message}\n`)
    assert.is(status, 1)
    assert.is(out, '')
  })
}

test('what a teacher prints stays out of the scores', () => {
  folder.write('teacher.mjs', teacher(`console.log('asked'); return events`))
  const { status, err, out } = folder.run('predict', 'teacher.mjs', '--events', 'events.csv')
  assert.is(status, 0)
  assert.is(out, 'score\n1\n2\n')
  assert.match(err, /^asked\n/)
})

test('a teacher that remembers is one teacher for all that it is asked', async () => {
  folder.write('teacher.mjs', `let n = 0; ${teacher('return Array.from(events, () => n++)')}`)
  const model = await openModel(folder.file('teacher.mjs'))
  const [first, second] = await Promise.all([0, 0].map(() => model.predictBatch(new Float64Array(2))))
  assert.equal([...first!, ...second!], [0, 1, 2, 3])
  await model.close!()
})

test('an ONNX model that runs for ever', async () => {
  folder.write('endless.onnx', fixture('onnx', 'endless.onnx'))
  const path = folder.file('endless.onnx')
  const said = await openModel(path).then(
    () => 'read',
    (error: Error) => error.message,
  )
  assert.is(said, `${path}: the ONNX runtime takes more than 3 s`)
})

test('an ONNX model that takes much memory for each event is asked about fewer at once', async () => {
  folder.write('wide.onnx', fixture('onnx', 'wide.onnx'))
  const model = await openModel(folder.file('wide.onnx'))
  const random = seeded(1)
  const events = Float64Array.from({ length: 3 * 2100 }, () => random.uniform())
  assert.equal(await model.predictBatch(events), Float32Array.from(events))
  await model.close!()
})

test.run()
