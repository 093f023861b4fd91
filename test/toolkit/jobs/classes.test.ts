/** Several classes: each against the rest, what is taken for what, and shares of the scores as cuts. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, formatJSON } from '../../../bindings/index.ts'
import { compare, learn, openDrone, openEvents, report, reportFiles } from '../../../toolkit/index.ts'
import { readShare, shareText } from '../../../toolkit/jobs/discriminator.ts'
import { randomNetwork, seeded } from '../../support.ts'
import { Folder } from '../support.ts'

const test = suite('classes')
const folder = new Folder()
test.after(() => folder.remove())

const COUNT = 1500
const OUTPUTS = ['b', 'bb', 'c', 'udsg']
const random = seeded(11)

/** Softmaxes of two random networks; events of class k are drawn where output k of the second is likely. */
const flavours = (units: number) => ({
  ...randomNetwork(random, { widths: [3, units, 4], activation: 'tanh', outputActivation: 'softmax', size: 3 }),
  outputs: OUTPUTS,
})
const [small, large] = [flavours(6), flavours(9)]

const teacher = Drone.from(large)
const events = Array.from({ length: COUNT }, () => [0, 1, 2].map(() => 4 * random.uniform() - 2))
const answers = events.map((event) => [...teacher.predictInto(event, new Float32Array(4))])
const labels = answers
  .map((scores) => {
    let at = random.uniform()
    return Math.min(
      3,
      scores.findIndex((score) => {
        at -= score
        return at < 0
      }),
    )
  })
  .map((label) => (label < 0 ? 3 : label))

test.before(() => {
  folder.write('small.json', formatJSON(Drone.from(small)))
  folder.write('large.json', formatJSON(teacher))
  const rows = events.map((event, n) => [...event, labels[n]].join())
  folder.write('events.csv', `x0,x1,x2,flavour\n${rows.join('\n')}\n`)
})

const options = async (more: object = {}) => ({
  drone: await openDrone(folder.file('small.json')),
  teacher: await openDrone(folder.file('large.json')),
  events: await openEvents(folder.file('events.csv')),
  label: 'flavour',
  ...more,
})

/** Written once more, pair by pair: how often a signal event scores above a background event, ties counted half. */
function pairs(signal: readonly number[], background: readonly number[]): number {
  let wins = 0
  for (const s of signal) for (const b of background) wins += s > b ? 1 : s === b ? 0.5 : 0
  return wins / (signal.length * background.length)
}

test('each class against the rest, and what is taken for what, are what counting says', async () => {
  const { classes, auc, cut } = await compare(await options())
  assert.equal([auc, cut], [undefined, undefined])
  const own = await openDrone(folder.file('small.json'))
  const scores = {
    teacher: answers,
    drone: events.map((event) => [...own.drone.predictInto(event, new Float32Array(4))]),
  }
  for (const side of ['teacher', 'drone'] as const) {
    for (const [i, { name, events: count, auc }] of classes!.classes.entries()) {
      assert.is(name, OUTPUTS[i])
      assert.is(count, labels.filter((label) => label === i).length)
      const of = (its: boolean) => scores[side].flatMap((all, n) => ((labels[n] === i) === its ? [all[i]!] : []))
      assert.ok(Math.abs(auc![side] - pairs(of(true), of(false))) < 1e-12, `${side}, ${name}`)
    }
    const counted = OUTPUTS.map(() => OUTPUTS.map(() => 0))
    for (const [n, all] of scores[side].entries()) counted[labels[n]!]![all.indexOf(Math.max(...all))]!++
    assert.equal(classes!.confusion[side], counted)
  }
  const choice = (all: readonly number[]) => all.indexOf(Math.max(...all))
  const alike = events.filter((_, n) => choice(scores.teacher[n]!) === choice(scores.drone[n]!)).length
  assert.is(classes!.agreement, alike / COUNT)
})

test('a discriminator ranks the events of its classes by a share of the scores, and its cut is kept', async () => {
  const { auc, discriminator, cut, cutOfTeacher } = await compare(
    await options({ discriminator: '(b+bb)/(b + bb + c)', rejection: 0.6 }),
  )
  assert.is(discriminator, '(b + bb) / (b + bb + c)')
  const share = (all: readonly number[]) => Math.fround((all[0]! + all[1]!) / (all[0]! + all[1]! + all[2]!))
  const of = (classes: readonly number[]) => answers.filter((_, n) => classes.includes(labels[n]!)).map(share)
  assert.ok(Math.abs(auc!.teacher - pairs(of([0, 1]), of([2]))) < 1e-12)
  const passed = of([2]).filter((value) => value >= cutOfTeacher!.threshold).length
  assert.is(cutOfTeacher!.rejection, 1 - passed / of([2]).length)
  assert.ok(cutOfTeacher!.rejection >= 0.6)

  const { status, out, err } = folder.run(
    ...['compare', 'small.json', 'large.json', '--events', 'events.csv', '--label', 'flavour'],
    ...['--discriminator', '(b + bb) / (b + bb + c)', '--rejection', '0.6', '--save-cut', 'heavy'],
  )
  assert.is(status, 0, err)
  assert.match(out, /AUC of \(b \+ bb\) \/ \(b \+ bb \+ c\)/)
  assert.match(out, /\ncut: \(b \+ bb\) \/ \(b \+ bb \+ c\) ≥ /)
  const saved = JSON.parse(readFileSync(folder.file('small.json'), 'utf8')).nndrone.cuts.heavy
  assert.equal(saved.output, { of: ['b', 'bb'], against: ['c'] })
  assert.is(Math.fround(saved.threshold), Math.fround(cut!.threshold))
  const drone = Drone.from(readFileSync(folder.file('small.json')))
  const predicted = folder.run('predict', 'small.json', '--events', 'events.csv', '--cut', 'heavy')
  const column = predicted.out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').at(-1))
  assert.equal(column, ['heavy', ...events.map((event) => String(Number(drone.passes(event, 'heavy'))))])
  assert.ok(column.includes('1') && column.includes('0'))
})

test('a drone that learns is measured class by class', async () => {
  const { drone, auc, classes, heldOut } = await learn({
    ...{ teacher: await openDrone(folder.file('large.json')), events: await openEvents(folder.file('events.csv')) },
    ...{ label: 'flavour', preset: 'reference', epochs: 3, hidden: [4], seed: 3, holdout: 0.5 },
  })
  assert.is(auc, undefined)
  const own = [...heldOut].map((n) => [...drone.predictInto(events[n]!, new Float32Array(4))])
  const side = (its: boolean) => own.flatMap((all, k) => ((labels[heldOut[k]!] === 2) === its ? [all[2]!] : []))
  assert.ok(Math.abs(classes!.classes[2]!.auc!.drone - pairs(side(true), side(false))) < 1e-12)
})

test('the report shows the classes, of the drone alone too', async () => {
  const both = reportFiles(await report(await options({ times: false })))
  for (const name of OUTPUTS) assert.match(both.html, new RegExp(`${name} against the rest`))
  assert.match(both.html, /The largest score of the teacher, for events of each class/)
  const { classes } = await compare(await options())
  for (const { auc } of classes!.classes) {
    assert.match(both.html, new RegExp(`${auc!.teacher.toFixed(5)}</td><td[^>]*>${auc!.drone.toFixed(5)}`))
  }
  const alone = reportFiles(await report(await options({ teacher: undefined, times: false })))
  assert.match(alone.html, /The largest score of the drone, for events of each class/)
  assert.not.match(alone.html, /of the teacher, for events/)
})

async function refused(run: () => Promise<unknown>, message: string): Promise<void> {
  const error = await run().then(
    () => assert.unreachable(`not refused: ${message}`),
    (reason: Error) => reason,
  )
  assert.is((error as Error).message, message)
}

test('what is no share, no class, or cannot be combined is named', async () => {
  const expected = 'expected a share, as b / (b + c) or (b + bb) / (b + bb + c)'
  for (const text of [
    'b',
    'b / c',
    'b / (c + udsg)',
    'b / b + c',
    '(b / (b + c)',
    'b / (b + c) / 2',
    'b + c / (b + c)',
    'b / (b + b)',
    '/',
    '',
  ]) {
    await refused(() => options({ discriminator: text }).then(compare as never), `discriminator ${text}: ${expected}`)
  }
  for (const [discriminator, message] of [
    ['b / (b + d)', 'discriminator b / (b + d): there is no output "d"; outputs are b, bb, c, udsg'],
    ['b / (b)', 'discriminator b / (b): what is below the line has no class more'],
  ] as const) {
    await refused(async () => compare(await options({ discriminator })), message)
  }
  await refused(
    async () => compare(await options({ efficiency: 0.5 })),
    'efficiency: of 4 outputs needs `discriminator`, a share as b / (b + c)',
  )
  await refused(
    async () => compare(await options({ label: undefined, discriminator: 'b / (b + c)' })),
    '`discriminator` needs `label`, which tells the class',
  )
  folder.write('wrong.csv', 'x0,x1,x2,flavour\n1,2,3,0\n1,2,3,4\n')
  folder.write('same.csv', 'x0,x1,x2,flavour\n1,2,3,1\n1,2,3,1\n')
  const named = (name: string, message: string) => `${folder.file(name)}: column "flavour"${message}`
  const wrong = ' of event 1 (from 0): 4, expected a whole number from 0 to 3, the class (b, bb, c, udsg)'
  for (const job of [compare, report] as const) {
    const events = await openEvents(folder.file('wrong.csv'))
    await refused(async () => job((await options({ events })) as never), named('wrong.csv', wrong))
  }
  const events = await openEvents(folder.file('same.csv'))
  await refused(
    async () => compare(await options({ events })),
    named('same.csv', ': all 1, expected two classes at least'),
  )
})

test('a share reads as it is written', () => {
  for (const text of ['b / (b + c)', '(b + bb) / (b + bb + c + udsg)', 'udsg / (udsg + c)']) {
    assert.is(shareText(readShare(text, OUTPUTS)), text)
  }
  assert.equal(readShare(' ( c )/( b+c ) ', OUTPUTS), { of: ['c'], against: ['b'] })
})

test.run()
