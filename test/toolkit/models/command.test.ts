/** Teachers of every kind in the commands: inspected, asked, learnt from, compared with. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seeded } from '../../support.ts'
import { ended, Folder } from '../support.ts'
import { fixture } from './support.ts'

const test = suite('models: command')

let folder: Folder

test.before.each(() => {
  folder = new Folder()
  const random = seeded(4)
  const rows = Array.from({ length: 300 }, () =>
    [0, 0, 0, 0].map(() => (random.uniform() * 4 - 2).toFixed(3)).join(','),
  )
  folder.write('events.csv', `pt,eta,mass,angle\n${rows.join('\n')}\n`)
})

test.after.each(() => folder.remove())

const FILES: [path: string[], features: string[], format: string][] = [
  [['xgboost', 'logistic.json'], [], 'XGBoost'],
  [['xgboost', 'logistic.ubj'], [], 'XGBoost'],
  [['lightgbm', 'binary.txt'], [], 'LightGBM'],
  [['tmva', 'mlp.weights.xml'], ['--features', 'pt,eta,mass,angle'], 'TMVA'],
  [['onnx', 'one.onnx'], ['--features', 'pt,eta,mass'], 'ONNX'],
]

for (const [path, features, format] of FILES) {
  test(`${path.join('/')}: inspect, predict, distill, compare`, () => {
    const name = path.at(-1)!
    folder.write(name, fixture(...path))
    assert.is(JSON.parse(folder.run('inspect', name, '--json').out).format, format)
    assert.match(folder.run('inspect', name).out, new RegExp(format))
    const events = ['--events', 'events.csv', ...features]
    const { status, out, err } = folder.run('predict', name, ...events)
    assert.is(status, 0, err)
    assert.is(out.trimEnd().split('\n').length, 301)
    const trained = folder.run('distill', '--force', name, ...events, '--missing', '-999', '--epochs', '20')
    assert.is(trained.status, 0, trained.err)
    const typed = /nndrone (compare .*)/.exec(trained.err)![1]!.split(' ')
    assert.ok(typed.includes('--missing'))
    const compared = folder.run(...typed, '--json')
    assert.is(compared.status, 0, compared.err)
    assert.is(JSON.parse(compared.out).events, 300)
  })
}

test('--all-trees: what XGBoost trained with early stopping answers, and what inspect says of it', () => {
  folder.write('stopped.json', fixture('xgboost', 'stopped.json'))
  const predict = (...more: string[]) => folder.run('predict', 'stopped.json', '--events', 'events.csv', ...more).out
  assert.is.not(predict(), predict('--all-trees'))
  assert.match(
    folder.run('inspect', 'stopped.json').out,
    /earlyStopping +iteration \d+ \(from 0\) was the best: \d+ of \d+ trees answer/,
  )
  assert.match(
    folder.run('inspect', 'stopped.json', '--all-trees').out,
    /the best; all \d+ trees answer, as in Booster\.predict/,
  )
})

test('variables of TMVA that are expressions: from a column of that name, or computed', () => {
  folder.write('model.xml', fixture('tmva', 'gradient.weights.xml'))
  folder.write('computed.csv', `pt,eta,chi2,angle\n1,2,${Math.E},0.5\n0,-1,1,0\n`)
  folder.write('named.csv', 'pt,eta,log(chi2),angle\n1,2,1,0.5\n0,-1,0,0\n')
  const computed = folder.run('predict', 'model.xml', '--events', 'computed.csv')
  assert.is(computed.status, 0, computed.err)
  assert.is(computed.out, folder.run('predict', 'model.xml', '--events', 'named.csv').out)
  folder.write('neither.csv', 'pt,eta,angle\n1,2,0.5\n')
  const { status, err } = folder.run('predict', 'model.xml', '--events', 'neither.csv')
  assert.is(status, 1)
  assert.is(err, 'nndrone: neither.csv: no column "log(chi2)"; there are pt, eta, angle\n')
})

test('an ONNX graph whose columns are open takes those of --features', () => {
  folder.write('open.onnx', fixture('onnx', 'open-columns.onnx'))
  folder.write('two.csv', 'a,b,c\n1,2,4\n')
  const { status, out, err } = folder.run('predict', 'open.onnx', '--events', 'two.csv', '--features', 'a,c')
  assert.is(status, 0, err)
  assert.is(out, 'sum\n5\n')
})

test('a model without names takes columns of its own names, in whatever order, before the first ones', () => {
  folder.write('unnamed.json', fixture('xgboost', 'unnamed.json'))
  folder.write('order.csv', 'x0,x1,x2,x3\n1,0.5,-1,2\n')
  folder.write('other.csv', 'x3,x2,x1,x0\n2,-1,0.5,1\n')
  const [one, other] = ['order.csv', 'other.csv'].map((events) =>
    folder.run('predict', 'unnamed.json', '--events', events),
  )
  assert.is(one!.status, 0, one!.err)
  assert.is(one!.out, other!.out)
})

/** A program that answers the sum, as a probability. */
const program = `
  import { createInterface } from 'node:readline'
  for await (const line of createInterface({ input: process.stdin })) {
    const { pt, eta } = JSON.parse(line)
    process.stdout.write(1 / (1 + Math.exp(-pt - eta)) + '\\n')
  }`

test('a program: predict, distill, compare; the summary says what to type', () => {
  folder.write('score.mjs', program)
  const named = [
    '--teacher-command',
    `'${process.execPath}' score.mjs`,
    '--events',
    'events.csv',
    '--features',
    'pt,eta',
  ]
  const { status, out, err } = folder.run('predict', ...named)
  assert.is(status, 0, err)
  assert.match(out, /^score\n0\.\d+\n/)
  const trained = folder.run('distill', '--force', ...named, '--epochs', '60')
  assert.is(trained.status, 0, trained.err)
  assert.match(trained.err, /nndrone compare drone\.json --teacher-command 'node …' --events/)
  const compared = folder.run('compare', 'drone.json', ...named, '--json')
  assert.is(compared.status, 0, compared.err)
  assert.ok(JSON.parse(compared.out).mse < 0.01, compared.out)
})

test('a program is given the columns that have a name, where none are chosen', () => {
  folder.write(
    'score.mjs',
    program
      .replace('const { pt, eta }', 'const { pt, eta, ...rest }')
      .replace('pt - eta', 'pt - eta - 9 * Object.keys(rest).length'),
  )
  folder.write('indexed.csv', ',pt,eta\n0,0.5,-0.5\n')
  const { status, out, err } = folder.run(
    ...['predict', '--teacher-command', `'${process.execPath}' score.mjs`, '--events', 'indexed.csv'],
  )
  assert.is(status, 0, err)
  assert.is(out, 'score\n0.5\n')
})

test('a secret in a command or an address is neither kept nor shown', async () => {
  folder.write('score.mjs', program)
  const learn = ['distill', '--force', '--events', 'events.csv', '--features', 'pt,eta', '--epochs', '1']
  const command = `KEY=SECRET '${process.execPath}' score.mjs --key SECRET`
  const { status, err } = folder.run(...learn, '--teacher-command', command)
  assert.is(status, 0, err)
  const kept = () => readFileSync(folder.file('drone.json'), 'utf8')
  for (const text of [err, kept()]) assert.not.match(text, /SECRET/)
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    response.end('[0.5]')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://user:SECRET@127.0.0.1:${port}/json?model=sum&key=SECRET`
  const child = folder.start(...learn, '--teacher-url', url)
  let told = ''
  child.stderr.on('data', (bytes) => {
    told += bytes
  })
  assert.is(await ended(child), 0, told)
  assert.match(told, /--teacher-url 'http:\/\/127\.0\.0\.1:\d+\/json\?model=sum' /)
  for (const text of [told, kept()]) assert.not.match(text, /SECRET/)
  assert.not.match(kept(), /127\.0\.0\.1/)
  server.close()
})

test('a program that fails: exit code 1, and its last words', () => {
  folder.write('score.mjs', 'console.error("no such model"); process.exit(7)')
  const { status, err } = folder.run(
    'predict',
    '--teacher-command',
    `'${process.execPath}' score.mjs`,
    '--events',
    'events.csv',
  )
  assert.is(status, 1)
  assert.match(
    err,
    /^node takes the columns .+\nnndrone: node: ended with exit code 7 after 0 answers; its last words:\n {2}no such model\n$/,
  )
})

test('an event may lack what the teacher or the drone has a default for', () => {
  folder.write('trees.json', fixture('xgboost', 'logistic.json'))
  const random = seeded(6)
  const rows = Array.from({ length: 200 }, (_, n) => {
    const [pt, eta, mass, angle] = [0, 0, 0, 0].map(() => random.uniform() * 4 - 2)
    return JSON.stringify(n % 10 === 5 ? { eta, mass, angle } : { pt, eta, mass, angle })
  })
  folder.write('holes.ndjson', rows.join('\n'))
  const trained = folder.run('distill', '--force', 'trees.json', '--events', 'holes.ndjson', '--epochs', '2')
  assert.is(trained.status, 0, trained.err)
  const { status, out, err } = folder.run('compare', 'drone.json', 'trees.json', '--events', 'holes.ndjson', '--json')
  assert.is(status, 0, err)
  assert.is(JSON.parse(out).events, 200)
})

test('a service: distill and compare', async () => {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { values } = JSON.parse(text)
    response.end(JSON.stringify([1 / (1 + Math.exp(-values[0] - values[1]))]))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/json?model=sum`
  const named = ['--teacher-url', url, '--events', 'events.csv', '--features', 'pt,eta', '--json']
  assert.is(await ended(folder.start('distill', '--force', ...named, '--epochs', '60')), 0)
  const compare = folder.start('compare', 'drone.json', ...named)
  let out = ''
  compare.stdout.on('data', (bytes) => {
    out += bytes
  })
  assert.is(await ended(compare), 0)
  assert.ok(JSON.parse(out).mse < 0.01, out)
  const inspect = folder.start('inspect', '--teacher-url', url, '--features', 'pt,eta', '--json')
  let told = ''
  inspect.stdout.on('data', (bytes) => {
    told += bytes
  })
  assert.is(await ended(inspect), 0)
  assert.equal(JSON.parse(told), { format: 'TFaaS', address: url, inputs: ['pt', 'eta'], outputs: ['score'] })
  server.close()
})

test('one teacher at a time, and one at least', () => {
  for (const args of [
    ['inspect'],
    ['predict', '--events', 'events.csv'],
    ['predict', 'a.json', '--teacher-command', 'cat', '--events', 'events.csv'],
    ['distill', '--teacher-url', 'http://127.0.0.1:1/json', '--teacher-command', 'cat', '--events', 'events.csv'],
    ['distill', '--teacher-command', 'cat', '--target', 'pt', '--events', 'events.csv'],
    ['predict', '--teacher-url', 'ftp://x/json', '--events', 'events.csv'],
    ['predict', '--teacher-command', 'cat', '--teacher-format', 'xml', '--events', 'events.csv'],
  ]) {
    const { status, out, err } = folder.run(...args)
    assert.is(status, 2, `${args.join(' ')}: ${err}`)
    assert.is(out, '')
  }
})

test.run()
