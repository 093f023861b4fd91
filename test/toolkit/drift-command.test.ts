/** nndrone drift: what it prints, its exit codes, and the section of the report. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seeded } from '../support.ts'
import { Folder, someAnswers, someDrone } from './support.ts'

const test = suite('drift command')
const folder = new Folder()
test.after(() => folder.remove())

someAnswers(folder, 2000)
folder.run('distill', '--target', 'answer', '--events', 'answers.csv', '--features', 'a,b', '--epochs', '5')
const random = seeded(11)
const rows = (move: number) =>
  Array.from({ length: 1500 }, () => [move + random.uniform() * 4 - 2, random.uniform() * 4 - 2].join(','))
folder.write('alike.csv', `a,b\n${rows(0).join('\n')}\n`)
folder.write('moved.csv', `a,b\n${rows(0.6).join('\n')}\n`)

test('nothing drifted: a table and exit code 0', () => {
  const { status, out, err } = folder.run('drift', 'drone.json', '--events', 'alike.csv')
  assert.is(status, 0, err)
  assert.is(err, '')
  const lines = out.split('\n')
  assert.match(lines[0]!, /^ +PSI +KS +missing +in training$/)
  assert.match(lines[1]!, /^a +0\.0\d{3} +0\.0\d{3} +0\.000 % +0\.000 %$/)
  assert.match(lines[3]!, /^score +0\.0/)
  assert.match(out, /\n1,500 events compared with [\d,]+ of the training; 0\.\d+ % have a value out of its range\.\n/)
  assert.match(out, /\nNothing drifted \(limit 0\.1\)\.\n$/)
})

test('a moved input: exit code 3, and the same in JSON', () => {
  const { status, out } = folder.run('drift', 'drone.json', '--events', 'moved.csv')
  assert.is(status, 3)
  assert.match(out, /\na .* drifted\nb .* %\nscore /)
  assert.match(out, / variables? of 3 drifted \(limit 0\.1\)\.\n$/)
  const json = folder.run('drift', 'drone.json', '--events', 'moved.csv', '--json')
  assert.is(json.status, 3)
  const { events, drifted, limit, variables } = JSON.parse(json.out)
  assert.equal([events, drifted, limit], [1500, true, 0.1])
  assert.equal(
    variables.slice(0, 2).map(({ name, drifted }: { name: string; drifted: boolean }) => [name, drifted]),
    [
      ['a', true],
      ['b', false],
    ],
  )
  assert.is(folder.run('drift', 'drone.json', '--events', 'moved.csv', '--limit', '9').status, 0)
})

test('columns of other names, and the events that are chosen', () => {
  folder.write('named.csv', readFileSync(folder.file('alike.csv'), 'utf8').replace('a,b', 'x,y'))
  const { status, out, err } = folder.run(
    ...['drift', 'drone.json', '--events', 'named.csv', '--features', 'x,y', '--where', 'x > -9', '--json'],
  )
  assert.is(status, 0, err)
  assert.is(JSON.parse(out).events, 1500)
})

test('mistakes', () => {
  someDrone(folder)
  const cases: [string[], number, string][] = [
    [
      ['drone.json', '--events', 'alike.csv'],
      1,
      'nndrone: drone.json: keeps no quantiles of its training, with which events are compared; distil the drone again\n',
    ],
    [['drone.json'], 2, 'nndrone: --events is missing; name files of events, or - for standard input\n'],
    [
      ['drone.json', '--events', 'alike.csv', '--limit', '0'],
      2,
      "nndrone: option '--limit <psi>' argument '0' is invalid. Expected a positive number.\n(--help says more)\n",
    ],
  ]
  for (const [args, code, message] of cases) {
    const { status, out, err } = folder.run('drift', ...args)
    assert.equal([status, out, err], [code, '', message])
  }
})

test.run()
