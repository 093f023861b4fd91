/** The command as it is run: what it prints where, its exit codes, its files, and how it is interrupted. */
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { auc, Drone, fidelity, shortest } from '../../bindings/index.ts'
import { FORMATS } from '../../toolkit/models/formats.ts'
import manifest from '../../toolkit/package.json' with { type: 'json' }
import { seeded, withData } from '../support.ts'
import { COMMAND, ended, Folder, someAnswers, someDrone } from './support.ts'

const test = suite('command')

let folder: Folder

test.before.each(() => {
  folder = new Folder()
})

test.after.each(() => folder.remove())

const DISTILL = ['distill', '--force', '--target', 'answer', '--events', 'answers.csv', '--epochs', '40']

test('help and version', () => {
  const all = folder.run('--help').out
  const commands = ['demo', 'distill', 'predict', 'probe', 'compare', 'bench', 'inspect']
  for (const command of commands) {
    assert.match(all, new RegExp(`^  ${command} `, 'm'))
    const { status, out, err } = folder.run(command, '--help')
    assert.is(status, 0)
    assert.is(err, '')
    assert.match(out, new RegExp(`^Usage: nndrone ${command} `))
    assert.match(out, /--json/)
    assert.match(out, /Examples?:\n {2}\$ /)
  }
  assert.is(
    folder.run('--version').out,
    `${manifest.version}
engine: simd, arithmetic 1
drones: JSON version 2
models: ${Object.keys(FORMATS).join(', ')}
events: csv, ndjson, npy, npz, parquet, arrow, root
scores: .csv, .ndjson, .jsonl, .npy, .parquet
`,
  )
})

test('the size of a batch, by its name and its earlier one', () => {
  someAnswers(folder)
  const sizeOf = (...args: string[]) => {
    const { status, err } = folder.run(...DISTILL, '--epochs', '1', ...args)
    assert.is(status, 0, err)
    return JSON.parse(readFileSync(folder.file('drone.json'), 'utf8')).nndrone.training.batchSize
  }
  assert.is(sizeOf('--batch-size', '7'), 7)
  assert.is(sizeOf('--batch', '9'), 9)
  assert.not.match(folder.run('distill', '--help').out, /--batch /)
})

test('mistakes of usage: exit code 2, one line, nothing on standard output', () => {
  someAnswers(folder)
  someDrone(folder)
  const cases: [string[], RegExp][] = [
    [
      ['distill', '--target', 'answer'],
      /^nndrone: no events given; name them with --events, or make probes with both --probe and --range\n$/,
    ],
    [
      ['distill', '--events', 'answers.csv'],
      /^nndrone: no teacher given; name one, or a column of recorded answers with --target\n$/,
    ],
    [
      ['distill', 'drone.json', '--target', 'answer', '--events', 'answers.csv'],
      /^nndrone: a teacher cannot be combined with --target; learn from only one of them\n$/,
    ],
    [
      ['distill', 'drone.json', '--label', 'a', '--probe', '9', '--range', 'a=0:1'],
      /^nndrone: --label needs --events; probes have no labels\n$/,
    ],
    [
      ['distill', 'drone.json', '--events', 'answers.csv', '--range', 'a=0:1'],
      /^nndrone: --range cannot be combined with --events\n$/,
    ],
    [
      ['distill', 'drone.json', '--events', 'answers.csv', '--probe-method', 'munge'],
      /^nndrone: --probe-method requires --probe\n$/,
    ],
    [[...DISTILL, '--preset', 'fast'], /'--preset <name>' argument 'fast' is invalid/],
    [[...DISTILL, '--batch', '0'], /Expected a whole number from 1/],
    [
      [...DISTILL, '--batch', '8', '--batch-size', '8'],
      /^nndrone: option '--batch <n>' cannot be used with option '--batch-size <n>'\n/,
    ],
    [[...DISTILL, '--scale-from', 'label'], /Expected COLUMN=NUMBER/],
    [
      ['predict', '--events', 'answers.csv'],
      /^nndrone: no model given; name a file, a --teacher-command or a --teacher-url\n$/,
    ],
    [['predict', 'drone.json', '--events', 'answers.csv', '--ot', 'x'], /unknown option '--ot'/],
    [
      ['compare', 'drone.json', '--events', 'answers.csv'],
      /^nndrone: no teacher given; name one, or a column of recorded/,
    ],
    [['predict', 'drone.json'], /^nndrone: --events is missing; name files of events, or - for standard input\n$/],
    [['fly'], /unknown command 'fly'/],
    [['predicr', 'drone.json'], /^nndrone: unknown command 'predicr'\n\(Did you mean predict\?\)\n/],
    [
      ['predict', 'drone.json', '--event', 'a.csv'],
      /^nndrone: unknown option '--event'\n\(Did you mean --events\?\)\n/,
    ],
    [
      ['compare', 'drone.json', '--event', 'a.csv'],
      /^nndrone: unknown option '--event'\n\(Did you mean --events\?\)\n/,
    ],
  ]
  for (const [args, message] of cases) {
    const { status, out, err } = folder.run(...args)
    assert.is(status, 2, args.join(' '))
    assert.is(out, '')
    assert.match(err, message)
    assert.match(err, /^nndrone: /)
    assert.not.match(err, /\n {4}at /)
  }
})

test('what fails: exit code 1, one line that names the file', () => {
  someAnswers(folder)
  someDrone(folder)
  folder.write('broken.json', '{"inputs": [], "layers": [], "outputs": []}')
  folder.write('wrong.csv', 'a,b,answer\n1,2,0.5\n1,x,0.5\n')
  folder.write('large.csv', `a,b,answer\n${Array.from({ length: 20 }, (_, n) => `${n},${(n * n) % 7},3\n`).join('')}`)
  const cases: [string[], string][] = [
    [['predict', 'nowhere.json', '--events', 'answers.csv'], 'nowhere.json: no such file'],
    [['predict', 'broken.json', '--events', 'answers.csv'], 'broken.json: inputs: none, expected at least one'],
    [
      ['predict', 'answers.csv', '--events', 'answers.csv'],
      'answers.csv: not a model of a known format, but text that begins with "a,b,label,answer"; nndrone --version names the formats',
    ],
    [['predict', 'drone.json', '--events', 'answers.csv'], 'answers.csv: no column "c"; there are a, b, label, answer'],
    [
      ['distill', '--force', '--target', 'answer', '--events', 'wrong.csv'],
      'wrong.csv:3: column "b": "x" is not a number',
    ],
    [
      ['distill', '--force', '--target', 'answer', '--events', 'large.csv', '--output', 'sigmoid', '--features', 'a,b'],
      'target "score" of event 0: 3, expected 0 to 1',
    ],
    [[...DISTILL, '--out', 'no/where/drone.json'], 'no/where/drone.json: there is no folder no/where'],
    [
      ['predict', 'drone.json', '--events', 'answers.csv', '--features', 'a,b,label', '--out', 'no/where.csv'],
      'no/where.csv: there is no folder no',
    ],
    [[...DISTILL, '--label', 'a'], 'answers.csv: column "a" of event 0 (from 0): '],
    [['inspect', '.'], '.: is a directory, expected a file'],
  ]
  for (const [args, message] of cases) {
    const { status, out, err } = folder.run(...args)
    assert.is(status, 1, `${args.join(' ')}: ${err}`)
    assert.is(out, '')
    assert.ok(err.startsWith(`nndrone: ${message}`), err)
    assert.is(err.trimEnd().split('\n').length, 1)
  }
  assert.equal(
    readdirSync(folder.path).filter((file) => file.includes('tmp')),
    [],
  )
})

test('distill: a drone, a summary for people, figures for programs', () => {
  someAnswers(folder)
  const people = folder.run(...DISTILL, '--label', 'label')
  assert.is(people.status, 0, people.err)
  assert.is(people.out, '')
  for (const part of [
    /\d\.?\d*e?-?\d* ┤/,
    /hold|held out/,
    /AUC/,
    /wrote drone\.json/,
    /nndrone predict drone\.json/,
  ]) {
    assert.match(people.err, part)
  }
  assert.not(people.err.includes('\u001b'), 'no colour where there is no terminal')
  const before = readFileSync(folder.file('drone.json'), 'utf8')
  assert.match(before, /\n$/)

  const programs = folder.run(...DISTILL, '--label', 'label', '--json')
  assert.is(programs.err, 'no --features given: takes the columns a, b\n')
  const figures = JSON.parse(programs.out)
  for (const key of ['parameters', 'hidden', 'growths', 'epochs', 'seconds', 'mse', 'mae', 'maxError', 'events']) {
    assert.type(figures[key], 'number', key)
  }
  assert.is(figures.events, 80)
  assert.is(figures.heldOut, true)
  assert.ok(figures.auc.teacher > 0.5 && figures.auc.drone > 0.5)
  assert.is(readFileSync(folder.file('drone.json'), 'utf8'), before, 'the same seed writes the same bytes')

  const drone = Drone.from(before)
  assert.equal(drone.inputs, ['a', 'b'])
  assert.is(drone.parameters, figures.parameters)
  const { teacher } = drone.network.nndrone as { teacher: unknown }
  assert.equal(teacher, { column: 'answer', events: 'answers.csv' })
})

test('distill: options reach the training', () => {
  someAnswers(folder)
  const figures = (...args: string[]) => JSON.parse(folder.run(...DISTILL, '--json', ...args).out)
  assert.equal(figures('--hidden', '3,4', '--max-hidden', '0').layers, [3, 4, 1])
  assert.is(figures('--epochs', '7').epochs, 7)
  assert.equal(figures('--parameters', '30').layers, [5, 1])
  assert.equal(figures('--mse', '1').layers, [1, 1])
  assert.is(figures('--holdout', '0').events, 400)
  assert.is(figures('--holdout', '0').heldOut, false)
  assert.is.not(figures('--seed', '2').mse, figures('--seed', '3').mse)
  assert.is(figures('--engine', 'js').mse, figures('--engine', 'simd').mse)
  assert.equal(figures('--features', 'b').features, ['b'])
  assert.is(figures('--preset', 'paper', '--batch', '20').preset, 'paper')
})

test('distill --scale-from: mean and deviation of those rows alone', () => {
  someAnswers(folder)
  const { status, err } = folder.run(...DISTILL, '--scale-from', 'label=1', '--out', 'scaled.json')
  assert.is(status, 0, err)
  const rows = readFileSync(folder.file('answers.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  const values = rows.filter((row) => row[2] === 1).map((row) => row[0]!)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  const [a] = Drone.from(readFileSync(folder.file('scaled.json'), 'utf8')).network.inputs
  assert.ok(Math.abs(a!.offset + mean) < 1e-9 && Math.abs(a!.scale * deviation - 1) < 1e-9)
  assert.equal(Drone.from(readFileSync(folder.file('scaled.json'), 'utf8')).inputs, ['a', 'b'], 'label is no feature')
})

test('a drone is a teacher too', () => {
  someDrone(folder)
  const random = seeded(4)
  const rows = Array.from({ length: 300 }, () => [random.uniform(), random.uniform(), random.uniform()].join(','))
  folder.write('events.csv', `c,a,b\n${rows.join('\n')}\n`)
  const { status, err } = folder.run(
    'distill',
    '--force',
    'drone.json',
    '--events',
    'events.csv',
    '--epochs',
    '30',
    '--out',
    'small.json',
  )
  assert.is(status, 0, err)
  const { teacher } = Drone.from(readFileSync(folder.file('small.json'), 'utf8')).network.nndrone as { teacher: any }
  assert.is(teacher.name, 'drone.json')
  assert.match(teacher.sha256, /^[0-9a-f]{64}$/)
  const compared = folder.run('compare', 'small.json', 'drone.json', '--events', 'events.csv', '--json')
  assert.is(JSON.parse(compared.out).events, 300)
})

test('predict: the scores of the library, as shortest decimals', () => {
  const drone = someDrone(folder, 2)
  folder.write('events.csv', 'c,b,a\n1,2,3\n4,,6\n,1,1\n')
  const { status, out, err } = folder.run('predict', 'drone.json', '--events', 'events.csv')
  assert.is(status, 0, err)
  const scores = drone.predictBatch(Float64Array.of(3, 2, 1, 6, Number.NaN, 4))
  const line = (n: number) => [...scores.subarray(2 * n, 2 * n + 2)].map(shortest).join(',')
  assert.is(out, `y0,y1\n${line(0)}\n${line(1)}\nnan,nan\n`)
  assert.equal(JSON.parse(folder.run('predict', 'drone.json', '--events', 'events.csv', '--json').out), {
    events: 3,
    scores: {
      y0: [shortest(scores[0]!), shortest(scores[2]!), null],
      y1: [shortest(scores[1]!), shortest(scores[3]!), null],
    },
  })
  const toFile = folder.run('predict', 'drone.json', '--events', 'events.csv', '--out', 'scores.csv')
  assert.is(toFile.out, '')
  assert.is(readFileSync(folder.file('scores.csv'), 'utf8'), out)
})

test('compare: against a column, figures and table', () => {
  someAnswers(folder)
  folder.run(...DISTILL, '--label', 'label')
  const args = ['compare', 'drone.json', '--target', 'answer', '--label', 'label', '--events', 'answers.csv']
  const figures = JSON.parse(folder.run(...args, '--json').out)
  const drone = Drone.from(readFileSync(folder.file('drone.json'), 'utf8'))
  const rows = readFileSync(folder.file('answers.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  const scores = drone.predictBatch(Float64Array.from(rows.flatMap(([a, b]) => [a!, b!])))
  const answers = Float32Array.from(rows, (row) => row[3]!)
  const labels = rows.map((row) => row[2]!)
  const expected = fidelity(scores, answers)
  for (const key of ['mse', 'mae', 'maxError', 'events'] as const) assert.is(figures[key], expected[key])
  assert.equal(figures.auc, { teacher: auc(answers, labels), drone: auc(scores, labels) })
  assert.is(figures.parameters, drone.parameters)
  assert.ok(figures.outside >= 0 && figures.outside < 0.1)
  assert.match(folder.run(...args).out, /MSE[\s\S]*AUC[\s\S]*background rejected at 90 % signal/)
})

test('inspect: for people and for programs', () => {
  someAnswers(folder)
  folder.run(...DISTILL)
  const { out } = folder.run('inspect', 'drone.json')
  for (const part of [/nndrone/, /parameters/, /a .*b /s, /best/, /┤/]) assert.match(out, part)
  const told = JSON.parse(folder.run('inspect', 'drone.json', '--json').out)
  assert.is(told.format, 'nndrone')
  assert.is(told.training.loss.length, 40)
})

test('a file is whole or not there: what was there before stays when the command fails', () => {
  someAnswers(folder)
  someDrone(folder)
  folder.write('scores.csv', 'before\n')
  folder.write('wrong.csv', `a,b,c\n${'1,2,3\n'.repeat(1000)}1,2,x\n`)
  const { status } = folder.run('predict', 'drone.json', '--events', 'wrong.csv', '--out', 'scores.csv')
  assert.is(status, 1)
  assert.is(readFileSync(folder.file('scores.csv'), 'utf8'), 'before\n')
  assert.equal(readdirSync(folder.path).sort(), ['answers.csv', 'drone.json', 'scores.csv', 'wrong.csv'])
})

for (const [name, signal, exit] of [
  ['Ctrl-C', 'SIGINT', 130],
  ['a terminal that is closed', 'SIGHUP', 129],
  ['kill', 'SIGTERM', 143],
] as const) {
  test(`${name} writes the best drone so far and says so`, async () => {
    someAnswers(folder)
    const child = folder.start(...DISTILL, '--epochs', '100000000', '--out', 'best.json')
    let err = ''
    child.stderr.on('data', (data) => {
      err += data
      if (/pruned/.test(err) && !child.killed) child.kill(signal)
    })
    assert.is(await ended(child), exit)
    assert.match(err, /interrupted after epoch \d+: wrote the best drone so far to best\.json/)
    const drone = Drone.from(readFileSync(folder.file('best.json'), 'utf8'))
    assert.is((drone.network.nndrone as { training: { stopped: string } }).training.stopped, 'aborted')
    assert.equal(readdirSync(folder.path).sort(), ['answers.csv', 'best.json'])
  })
}

test('a reader that has had enough is no error', async () => {
  someDrone(folder)
  folder.write('events.csv', `a,b,c\n${'1,2,3\n'.repeat(100000)}`)
  const child = folder.start('predict', 'drone.json', '--events', 'events.csv')
  let err = ''
  child.stderr.on('data', (data) => (err += data))
  child.stdout.once('data', () => child.stdout.destroy())
  assert.is(await ended(child), 0)
  assert.is(err, '')
})

if (existsSync('/dev/full')) {
  test('a full disk is told in one line, wherever the scores go', () => {
    someDrone(folder)
    folder.write('events.csv', 'a,b,c\n1,2,3\n')
    const file = folder.run('predict', 'drone.json', '--events', 'events.csv', '--out', '/dev/full')
    assert.is(file.status, 1)
    assert.is(file.err, 'nndrone: /dev/full: no space left\n')
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'inspect', 'drone.json'], {
      ...{ cwd: folder.path, encoding: 'utf8', stdio: ['ignore', full, 'pipe'] },
    })
    closeSync(full)
    assert.is(status, 1)
    assert.is(stderr, 'nndrone: standard output: no space left\n')
  })
}

if (process.getuid?.() !== 0) {
  test('a folder that cannot be written to is found out before the training', () => {
    someAnswers(folder)
    chmodSync(folder.path, 0o500)
    assert.match(folder.run(...DISTILL).err, /permission denied/)
    chmodSync(folder.path, 0o700)
  })
}

withData(test, 'the paper’s events: distilled, predicted, compared', 'bdecay/events.csv', (path) => {
  const features = ['--features', 'pt,eta,min_pt,max_pt,min_eta,max_eta']
  const events = ['--events', path, '--label', 'label']
  const reference = ['--preset', 'reference', '--epochs', '300', '--batch', '10', '--holdout', '0']
  const distilled = folder.run(
    'distill',
    '--force',
    '--target',
    'teacher_recorded',
    ...reference,
    ...events,
    ...features,
    '--json',
  )
  const figures = JSON.parse(distilled.out)
  assert.is(figures.hidden, 15)
  assert.is(figures.parameters, 121)
  assert.is(figures.growths, 10)
  assert.ok(figures.mse <= 3e-3 && figures.auc.drone >= 0.995)
  assert.ok(Math.abs(figures.auc.teacher - 0.99907464) < 1e-8)
  const compared = JSON.parse(
    folder.run('compare', 'drone.json', '--target', 'teacher_recorded', ...events, '--json').out,
  )
  // The same errors, added up in another order.
  for (const key of ['mse', 'mae', 'maxError', 'events']) assert.ok(Math.abs(compared[key] - figures[key]) < 1e-12, key)
  assert.equal(compared.auc, figures.auc)
  const scores = folder.run('predict', 'drone.json', '--events', path).out.trim().split('\n')
  assert.is(scores.length, 20001)
  assert.ok(existsSync(folder.file('drone.json')))
})

test.run()
