/** Several outputs, answers of any size, missing values: from the events to what compare tells. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seeded } from '../support.ts'
import { Folder, someDrone } from './support.ts'

const test = suite('outputs')
const folder = new Folder()
test.after(() => folder.remove())

const random = seeded(9)
const rows = Array.from({ length: 1500 }, () => {
  const [a, b] = [4 * random.uniform() - 2, 4 * random.uniform() - 2]
  const heights = [Math.exp(a), Math.exp(b), Math.exp(-a * b)]
  const sum = heights.reduce((x, y) => x + y)
  const classes = heights.map((height) => height / sum)
  return [a, b, ...classes, 1 / (1 + Math.exp(-3 * a)), 1 / (1 + Math.exp(-3 * b)), 5000 + 300 * a * b]
})
const header = 'a,b,p0,p1,p2,s0,s1,mass'
folder.write('events.csv', `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`)

function distilled(targets: string, ...more: string[]) {
  const features = ['--features', 'a,b']
  const { status, out, err } = folder.run(
    'distill',
    '--force',
    '--target',
    targets,
    '--events',
    'events.csv',
    ...features,
    '--epochs',
    '150',
    '--json',
    ...more,
  )
  assert.is(status, 0, err)
  return JSON.parse(out)
}

const lastLayer = () => JSON.parse(readFileSync(folder.file('drone.json'), 'utf8')).layers.at(-1)

test('classes become a softmax, with figures for each in compare', () => {
  const { mse } = distilled('p0,p1,p2')
  assert.is(lastLayer().activation, 'softmax')
  assert.ok(mse < 1e-3, `MSE ${mse}`)
  const { status, out, err } = folder.run(
    'compare',
    'drone.json',
    '--target',
    'p0,p1,p2',
    '--events',
    'events.csv',
    '--json',
  )
  assert.is(status, 0, err)
  const { outputs, ...all } = JSON.parse(out)
  assert.equal(
    outputs.map((output: { name: string }) => output.name),
    ['p0', 'p1', 'p2'],
  )
  const mean = outputs.reduce((sum: number, output: { mse: number }) => sum + output.mse / 3, 0)
  assert.ok(Math.abs(mean / all.mse - 1) < 1e-6, 'the whole is the mean of the outputs')
  const shown = folder.run('compare', 'drone.json', '--target', 'p0,p1,p2', '--events', 'events.csv')
  assert.match(shown.out, /p2 +[\d.e-]+ +[\d.e-]+ +[\d.e-]+\n/)
})

test('independent answers become sigmoids, others linear', () => {
  assert.ok(distilled('s0,s1').mse < 1e-3)
  assert.is(lastLayer().activation, 'sigmoid')
  const { mse } = distilled('mass')
  assert.is(lastLayer().activation, 'linear')
  assert.ok(Math.sqrt(mse) < 60, `off by ${Math.sqrt(mse)} of 5000`)
  assert.is(distilled('p0,p1,p2', '--output', 'linear').layers.at(-1), 3)
  assert.is(lastLayer().activation, 'linear')
})

test('a missing value becomes the mean, or what is said', () => {
  const holes = rows.map((row, n) => (n % 10 ? row.join(',') : ['', ...row.slice(1)].join(',')))
  folder.write('holes.csv', `${[header, ...holes].join('\n')}\n`)
  const learn = ['distill', '--force', '--target', 's1', '--features', 'a,b', '--epochs', '2', '--events', 'holes.csv']
  assert.is(folder.run(...learn).status, 0)
  const inputs = () => JSON.parse(readFileSync(folder.file('drone.json'), 'utf8'))
  const { a, ...others } = inputs().defaults
  assert.ok(Math.abs(a) < 0.2, `mean ${a}`)
  assert.equal(others, {})
  assert.is(folder.run(...learn, '--default', 'a=-1.5', '--default', 'b=9').status, 0)
  assert.equal(inputs().defaults, { a: -1.5, b: 9 })
  assert.match(folder.run(...learn, '--default', 'c=1').err, /--default: "c" is not a feature; there are a, b\n/)
})

test('events that the teacher cannot answer are left out, and told', () => {
  someDrone(folder)
  const events = Array.from({ length: 100 }, (_, n) => `${n % 10 ? n / 50 : ''},${n / 70},${n / 90}`)
  folder.write('some.csv', `a,b,c\n${events.join('\n')}\n`)
  const { status, out, err } = folder.run(
    'distill',
    'drone.json',
    '--events',
    'some.csv',
    '--epochs',
    '2',
    '--out',
    'small.json',
    '--json',
  )
  assert.is(status, 0, err)
  const figures = JSON.parse(out)
  assert.is(figures.unanswered, 10)
  assert.is(figures.events, 18)
  folder.write('none.csv', 'a,b,c\n,1,2\n,3,4\n')
  const none = folder.run('distill', 'drone.json', '--events', 'none.csv', '--out', 'none.json')
  assert.is(none.status, 1)
  assert.match(none.err, /the teacher: no finite answer to any of 2 events/)
})

test('compare tells how it is outside of what was trained on', () => {
  distilled('s0')
  const far = rows.slice(0, 100).map((row, n) => [n % 2 ? row[0] : 50, ...row.slice(1)].join(','))
  folder.write('far.csv', `${[header, ...far].join('\n')}\n`)
  const { out } = folder.run('compare', 'drone.json', '--target', 's0', '--events', 'far.csv', '--json')
  const { outside, fidelityInside, fidelityOutside, mse } = JSON.parse(out)
  assert.ok(Math.abs(outside - 0.5) < 0.02)
  assert.ok(fidelityInside.mse < 1e-3 && fidelityOutside.mse > fidelityInside.mse)
  const whole = (1 - outside) * fidelityInside.mse + outside * fidelityOutside.mse
  assert.ok(Math.abs(whole / mse - 1) < 1e-9)
})

test.run()
