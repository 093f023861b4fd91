import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone } from '../../bindings/index.ts'
import { JETS, next, paperFigures, serving } from '../../toolkit/cli/demo/paper.ts'
import { COMMAND, ended, Folder } from './support.ts'

const test = suite('demo')
const folder = new Folder()
test.after(() => folder.remove())

/** Waits until the demo has said something. */
async function said(child: ReturnType<Folder['start']>, what: RegExp): Promise<void> {
  let text = ''
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  while (!what.test(text) && child.exitCode === null) await sleep(10)
}

const written = () => readdirSync(folder.file('nndrone-demo')).sort()
const lines = (name: string) =>
  readFileSync(folder.file(`nndrone-demo/${name}`), 'utf8')
    .trimEnd()
    .split('\n')

test('interrupted while the teacher learns, it leaves whole files alone', async () => {
  const child = folder.start('demo')
  await said(child, /epoch 10/)
  child.kill('SIGINT')
  // As a shell counts, whether the command ended by itself or the signal ended it.
  assert.is((await ended(child)) ?? 128 + constants.signals[child.signalCode!], 130)
  assert.equal(written(), ['test.csv', 'train.csv'])
  assert.is(lines('train.csv').length, 10_001)
})

test('a second run tells the whole story, in one JSON object where that is asked', async () => {
  const { status, out, err } = folder.run('demo', '--json')
  assert.is(status, 0, err)
  assert.is(err, '')
  const { teacher, paper, best } = JSON.parse(out)
  assert.is(teacher.parameters, 4111)
  assert.ok(teacher.auc >= 0.99, `AUC of the teacher: ${teacher.auc}`)
  assert.ok(paper.growths.length >= 5 && paper.hidden[0] === 5 + paper.growths.length)
  assert.ok(paper.auc >= 0.99 && best.auc >= teacher.auc - 1e-3, `AUC of the drones: ${paper.auc}, ${best.auc}`)
  assert.ok(best.parameters <= 161 && best.mse < 1e-3 && best.mse < paper.mse, `MSE: ${paper.mse}, ${best.mse}`)
  for (const figure of [teacher, paper, best]) assert.ok(figure.one > 0 && figure.batch > 0)
  assert.equal(written(), ['best.json', 'drone.json', 'report.html', 'teacher.h5', 'test.csv', 'train.csv'])
  const drone = await Drone.load(readFileSync(folder.file('nndrone-demo/drone.json'), 'utf8'))
  assert.is(drone.parameters, paper.parameters)
  const report = readFileSync(folder.file('nndrone-demo/report.html'), 'utf8')
  assert.match(report, /best\.json, its teacher teacher\.h5, and 10\u2009000 events of test\.csv/)
  assert.not.match(report, /is left out/)
})

test('what it says to type next works as it is printed', () => {
  const commands = next('nndrone-demo').replaceAll('\\\n', '').split('\n').slice(1)
  assert.is(commands.shift()!.trim(), 'cd nndrone-demo')
  assert.is(commands.length, 4)
  for (const command of commands) {
    const [npx, nndrone, ...args] = command.trim().split(/\s+/)
    assert.equal([npx, nndrone], ['npx', 'nndrone'])
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      ...{ cwd: folder.file('nndrone-demo'), encoding: 'utf8', maxBuffer: 1 << 28 },
    })
    assert.is(status, 0, `${command}: ${stderr}`)
  }
  assert.ok(written().includes('mine.json'))
  assert.is(serving('nndrone-demo').split('\n').at(-1), '  npx nndrone serve nndrone-demo')
})

test('so do others', () => {
  const compared = folder.run(
    'compare',
    'nndrone-demo/best.json',
    'nndrone-demo/drone.json',
    '--events',
    'nndrone-demo/test.csv',
  )
  assert.is(compared.status, 0, compared.err)
  const predicted = folder.run('predict', 'nndrone-demo/best.json', '--events', 'nndrone-demo/test.csv')
  assert.is(predicted.out.trimEnd().split('\n').length, 10_001)
  const shown = folder.run('inspect', 'nndrone-demo/teacher.h5')
  assert.match(shown.out, /LocallyConnected1D/)
})

test("jets, in small: the paper's teacher of 17 inputs, and drones that tell quarks from gluons nearly as well", async () => {
  const out = folder.file('jets')
  mkdirSync(out)
  const { figures } = await paperFigures({ ...JETS, events: 6000, epochs: 8 }, { out, seed: 1, json: true })
  const { teacher, paper, best } = figures
  assert.is(teacher.parameters, 7081)
  // A hidden unit has 17 weights, a bias and a weight of the output, whose bias comes on top: 286 with ten growths.
  assert.ok(paper.growths.length > 0)
  assert.is(paper.parameters, 19 * (5 + paper.growths.length) + 1)
  assert.ok(teacher.auc > 0.72 && teacher.auc < 0.85, `AUC of the teacher: ${teacher.auc}`)
  assert.ok(paper.auc > teacher.auc - 0.02, `AUC of teacher and drone: ${teacher.auc}, ${paper.auc}`)
  assert.ok(best.auc > teacher.auc - 0.005, `AUC of teacher and drone: ${teacher.auc}, ${best.auc}`)
  assert.ok(best.mse < paper.mse, `MSE: ${paper.mse}, ${best.mse}`)
  assert.equal(readdirSync(out).sort(), ['best.json', 'drone.json', 'teacher.h5', 'test.csv', 'train.csv'])
  assert.is(readFileSync(`${out}/test.csv`, 'utf8').split('\n').length, 3002)
})

test("the paper's other example is not told beside another story", () => {
  const { status, err } = folder.run('demo', '--jets', '--masses')
  assert.is(status, 2)
  assert.is(err, 'nndrone: --jets cannot be combined with --masses; tell one story after the other\n')
})

test('a place that cannot be written to is an error before anything is made', () => {
  folder.write('file', '')
  const { status, err } = folder.run('demo', '--out', 'file/inside')
  assert.is(status, 1)
  assert.match(err, /file\/inside: a part of this path is not a directory/)
})

test.run()
