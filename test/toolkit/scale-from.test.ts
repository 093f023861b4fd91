/** --scale-from: where mean and deviation of a teacher's inputs come from, and that an event's score depends on it alone. */
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone } from '../../bindings/index.ts'
import { normal } from '../../toolkit/normal.ts'
import { root, seeded, withData } from '../support.ts'
import { ended, Folder, someDrone } from './support.ts'

const test = suite('--scale-from')
const folder = new Folder()
test.after(() => folder.remove())

const TEACHER = join(root, 'test/toolkit/models/read/keras/files/2.2.4-chain.h5')
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

/** Two kinds of events, each about a mean of its own; the rule is `kind=1`. */
const EVENTS = 3000
const rows = (() => {
  const random = seeded(5)
  return Array.from({ length: EVENTS }, (_, n) => {
    const values = NAMES.map((_, i) => 10 * i + (1 + i) * normal(random) + (n % 2))
    return [...values, n % 2]
  })
})()

const csv = (some: readonly (readonly number[])[]) => `${[...NAMES, 'kind'].join()}\n${some.join('\n')}\n`
const events = ['--events', 'events.csv']

test.before(() => {
  copyFileSync(TEACHER, folder.file('teacher.h5'))
  folder.write('events.csv', csv(rows))
  folder.write('some.csv', csv(rows.slice(0, 9)))
  const { status, err } = distilled('drone.json', '--scale-from', 'kind=1')
  assert.is(status, 0, err)
  assert.match(err, / {2}nndrone compare drone\.json teacher\.h5 --events events\.csv --scale-from drone\.json\n$/)
})

function distilled(out: string, ...args: string[]) {
  return folder.run('distill', 'teacher.h5', ...events, '--epochs', '5', '--out', out, ...args)
}

const record = (name: string) => Drone.from(readFileSync(folder.file(name), 'utf8')).network.nndrone as any

/** Mean and deviation of kind 1, as the drone keeps them. */
const kept = () => record('drone.json').teacher.scaling as { name: string; offset: number; scale: number }[]

const scores = (...args: string[]) => {
  const { status, out, err } = folder.run('predict', 'teacher.h5', ...args)
  assert.is(status, 0, err)
  return out.trimEnd().split('\n').slice(1)
}

test('the drone keeps who its teacher was, and how events were standardised for it: no path', () => {
  const { teacher } = record('drone.json')
  assert.equal(Object.keys(teacher), ['name', 'sha256', 'scaling'])
  assert.is(teacher.name, 'teacher.h5')
  assert.is(teacher.sha256, createHash('sha256').update(readFileSync(TEACHER)).digest('hex'))
  assert.equal(
    teacher.scaling.map((input: { name: string }) => input.name),
    NAMES,
  )
  const signal = rows.filter((row) => row[6] === 1)
  for (const [i, { offset, scale }] of kept().entries()) {
    const mean = signal.reduce((sum, row) => sum + row[i]!, 0) / signal.length
    const deviation = Math.sqrt(signal.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / signal.length)
    assert.ok(Math.abs(offset + mean) < 1e-9 && Math.abs(scale * deviation - 1) < 1e-9)
  }
})

test('a teacher that is no file has the name of its program: neither its command nor its address is kept', () => {
  const program = `node -e 'require("readline").createInterface({input:process.stdin}).on("line",(l)=>process.stdout.write(JSON.parse(l).a/99+"\\n"))'`
  const args = ['--teacher-command', program, '--features', 'a,b', '--epochs', '2', '--out', 'program.json']
  const { status, err } = folder.run('distill', ...args, '--events', 'some.csv')
  assert.is(status, 0, err)
  assert.equal(record('program.json').teacher, { name: 'node' })
})

test('the same event has the same score whatever else is in the file', () => {
  const inOrder = { mean_: kept().map(({ offset }) => -offset), scale_: kept().map(({ scale }) => 1 / scale) }
  const byName = Object.fromEntries(
    [...kept()].reverse().map(({ name, offset, scale }) => [name, { mean: -offset, scale: 1 / scale }]),
  )
  folder.write('list.json', JSON.stringify(inOrder))
  folder.write('names.json', JSON.stringify(byName))
  const [first] = scores(...events, '--scale-from', 'kind=1')
  for (const file of ['drone.json', 'list.json', 'names.json']) {
    const all = scores(...events, '--scale-from', file)
    assert.is(all.length, EVENTS)
    assert.is(all[0], first)
    for (const limit of file === 'drone.json' ? [1, 10, 100] : [1]) {
      assert.equal(scores(...events, '--scale-from', file, '--limit', String(limit)), all.slice(0, limit))
    }
    assert.equal(scores(...events, '--scale-from', file, '--skip', '2990'), all.slice(2990))
  }
})

test('the drone names the columns, too, wherever they stand', () => {
  folder.write('run.csv', `run,f,e,d,c,b,a\n${rows.map((row, n) => [n, ...row.slice(0, 6).reverse()]).join('\n')}\n`)
  const { status, out, err } = folder.run('predict', 'teacher.h5', '--events', 'run.csv', '--scale-from', 'drone.json')
  assert.is(status, 0)
  assert.equal(out.trimEnd().split('\n').slice(1), scores(...events, '--scale-from', 'drone.json'))
  assert.match(err, /^teacher\.h5 names no inputs: takes the columns a, b, c, d, e, f, as drone\.json has them\n/)
  const renamed = ['--features', 'A,B,C,D,E,F', '--scale-from', 'drone.json']
  folder.write('renamed.csv', csv(rows.slice(0, 9)).replace('a,b,c,d,e,f', 'A,B,C,D,E,F'))
  assert.equal(
    scores('--events', 'renamed.csv', ...renamed),
    scores('--events', 'some.csv', '--scale-from', 'drone.json'),
  )
})

test('events are scored as they arrive', async () => {
  const child = folder.start('predict', 'teacher.h5', '--events', '-', '--scale-from', 'drone.json')
  let out = ''
  const lines = async (count: number) => {
    while (out.split('\n').length <= count) {
      const [data] = await new Promise<[Buffer]>((resolve) => child.stdout.once('data', (bytes) => resolve([bytes])))
      out += data
    }
  }
  const expected = scores('--events', 'some.csv', '--scale-from', 'drone.json')
  child.stdin.write(csv(rows.slice(0, 1)))
  await lines(2)
  assert.is(out, `score\n${expected[0]}\n`)
  child.stdin.write(`${rows[1]!.join()}\n`)
  await lines(3)
  assert.is(out, `score\n${expected[0]}\n${expected[1]}\n`)
  child.stdin.end()
  assert.is(await ended(child), 0)
})

test('compare takes by itself what the drone keeps of this very teacher, and says so', () => {
  const compare = (...args: string[]) => folder.run('compare', 'drone.json', ...args, '--json')
  const some = ['--events', 'some.csv']
  const itself = compare('teacher.h5', ...some)
  assert.is(itself.status, 0)
  assert.is(
    itself.err,
    `teacher.h5 is the teacher of drone.json, which keeps its mean and scale: events are standardised by them
teacher.h5 names no inputs: takes the columns a, b, c, d, e, f, as drone.json has them
`,
  )
  const mse = ({ out }: { out: string }) => JSON.parse(out).mse
  assert.is(mse(compare('teacher.h5', ...some, '--scale-from', 'drone.json')), mse(itself))
  assert.is.not(mse(compare('teacher.h5', ...some, '--scale-from', 'all')), mse(itself))
  const bytes = readFileSync(TEACHER)
  folder.write('other.h5', Buffer.concat([bytes, Buffer.alloc(1)]))
  const other = compare('other.h5', ...some)
  assert.is(other.status, 0, other.err)
  assert.match(other.err, /other\.h5 does not tell how its inputs were standardised: it gets them as they are/)
  assert.is.not(mse(other), mse(itself))
})

test('a further drone is distilled by it, from few events or none', () => {
  for (const [out, ...args] of [
    ['second.json', '--limit', '20', '--scale-from', 'drone.json', '--holdout', '0'],
    ['third.json', '--limit', '20', '--scale-from', 'second.json', '--scaling', 'quantiles'],
  ] as const) {
    const { status, err } = distilled(out, ...args)
    assert.is(status, 0, err)
    assert.not.match(err, /warning/)
    assert.equal(record(out).teacher, record('drone.json').teacher)
  }
  const ranges = NAMES.flatMap((name, i) => ['--range', `${name}=${10 * i - 3}:${10 * i + 3}`])
  const probes = ['--probe', '200', '--scale-from', 'drone.json', '--epochs', '2', '--out', 'probes.json']
  const { status, err } = folder.run('distill', 'teacher.h5', ...probes, ...ranges)
  assert.is(status, 0, err)
  assert.equal(record('probes.json').teacher, record('drone.json').teacher)
})

test('few events: a warning that says how many, and the way out', () => {
  const WARNING = (rule: string, count: string) =>
    `warning: --scale-from ${rule} takes mean and deviation from ${count} only, and other events give other answers; take them from a drone of this teacher or from a JSON file of mean and scale\n`
  const err = (...args: string[]) => folder.run('predict', 'teacher.h5', ...events, ...args).err
  const known = 'teacher.h5 names no inputs: takes the columns a, b, c, d, e, f\n'
  assert.ok(
    err('--limit', '20', '--scale-from', 'all').startsWith(`${known}${WARNING('all', '20 events')}`),
    err('--limit', '20', '--scale-from', 'all'),
  )
  assert.ok(err('--limit', '2', '--scale-from', 'kind=1').startsWith(`${known}${WARNING('kind=1', '1 event')}`))
  assert.ok(err('--limit', '1998', '--scale-from', 'kind=1').startsWith(`${known}${WARNING('kind=1', '999 events')}`))
  assert.not.match(err('--limit', '2000', '--scale-from', 'kind=1'), /warning/)
})

test('bench asks the teacher as the drone keeps it', () => {
  const { status, err, out } = folder.run('bench', 'drone.json', 'teacher.h5', '--json')
  assert.is(status, 0)
  assert.is(
    err,
    'teacher.h5 is the teacher of drone.json, which keeps its mean and scale: events are standardised by them\n',
  )
  assert.is(JSON.parse(out).models.length, 2)
})

test('what is wrong with the file, or with the option, is told before anything is read', () => {
  folder.write('zero.json', '{"mean": [1, 2], "scale": [1, 0]}')
  folder.write('two.json', '{"mean": [1, 2], "scale": [1, 1]}')
  folder.write('pt.json', '{"pt": {"mean": 1, "scale": 1}}')
  folder.write('old.json', readFileSync(folder.file('drone.json'), 'utf8').replace('"scaling": [', '"other": ['))
  const option = "option '--scale-from <file|column=value>' argument"
  const cases: [from: string, status: number, message: string][] = [
    ['zero.json', 1, 'zero.json: scale[1]: 0, expected a positive number'],
    ['two.json', 1, 'two.json: mean and scale of 2 inputs, expected 6 (a, b, c, d, e, f)'],
    ['pt.json', 1, 'pt.json: no mean and scale for the input "a"; there are pt'],
    ['nowhere.json', 1, 'nowhere.json: no such file'],
    ['teacher.h5', 1, 'teacher.h5: expected a drone, or a JSON object of mean and scale'],
    ['.', 1, '.: is a directory, expected a file'],
    [
      'old.json',
      1,
      'old.json: keeps no mean and scale of a teacher (nndrone.teacher.scaling); take a drone that was distilled from standardised events, or a JSON file of mean and scale',
    ],
    [
      'kind',
      2,
      `${option} 'kind' is invalid. Expected COLUMN=NUMBER or all, or a file: a drone, or JSON of mean and scale.\n(--help says more)`,
    ],
  ]
  for (const [from, status, message] of cases) {
    const result = folder.run('predict', 'teacher.h5', ...events, '--scale-from', from)
    assert.is(result.status, status, from)
    assert.is(result.out, '')
    assert.is(result.err.replace(/^teacher\.h5 names no inputs: .*\n/, ''), `nndrone: ${message}\n`)
  }
  const old = folder.run('compare', 'old.json', 'teacher.h5', ...events)
  assert.is(old.status, 0, 'a drone that keeps none is read as before')
  assert.match(old.err, /does not tell how its inputs were standardised/)
})

test('bench reads no events that mean and deviation could be taken from', () => {
  const { status, err } = folder.run('bench', 'drone.json', 'teacher.h5', '--scale-from', 'kind=1')
  assert.is(status, 1)
  assert.is(err, 'nndrone: kind=1: no such file\n')
})

test('distill without events cannot take mean and deviation of them', () => {
  const args = ['--probe', '9', '--range', 'a=0:1', '--scale-from', 'kind=1', '--out', 'new.json']
  const { status, err } = folder.run('distill', 'teacher.h5', ...args)
  assert.is(status, 2)
  assert.is(
    err,
    'nndrone: --scale-from: needs --events to take mean and deviation from; or name a drone or a JSON file\n',
  )
})

test('a drone of others with a part like ours is read as before', () => {
  const other = new Folder()
  someDrone(other)
  const document = JSON.parse(readFileSync(other.file('drone.json'), 'utf8'))
  for (const teacher of [null, 'a teacher', 3, [], { scaling: 'none' }]) {
    document.nndrone.teacher = teacher
    other.write('drone.json', JSON.stringify(document))
    other.write('events.csv', 'a,b,c\n1,2,3\n')
    const { status, err } = other.run('compare', 'drone.json', 'drone.json', '--events', 'events.csv')
    assert.is(status, 0, err)
  }
  other.remove()
})

withData(
  test,
  'the paper’s teacher: the bits of a score do not depend on the other events',
  'bdecay/teacher.h5',
  (teacher) => {
    const real = ['--events', join(dirname(teacher), 'events.csv')]
    const args = [...real, '--scale-from', 'label=1', '--label', 'label', '--epochs', '5', '--out', 'decays.json']
    assert.is(folder.run('distill', teacher, ...args).status, 0)
    const score = (...args: string[]) => folder.run('predict', teacher, ...real, ...args).out.split('\n')
    const all = score('--scale-from', 'label=1')
    for (const limit of [1, 10, 100, 20_000]) {
      const some = score('--scale-from', 'decays.json', '--limit', String(limit))
      assert.equal(some.slice(0, -1), all.slice(0, limit + 1))
    }
    const few = JSON.parse(folder.run('compare', 'decays.json', teacher, ...real, '--limit', '20', '--json').out)
    const recorded = ['compare', 'decays.json', '--target', 'teacher_h5', ...real, '--limit', '20', '--json']
    assert.ok(Math.abs(few.mse - JSON.parse(folder.run(...recorded).out).mse) < 1e-6)
  },
)

test.run()
