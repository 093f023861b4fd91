/** The stories of the demo beside the paper's, in small, and one of them as a user would run it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ANOMALY_STORY } from '../../toolkit/cli/demo/anomalies.ts'
import { FLAVOUR_STORY } from '../../toolkit/cli/demo/flavours.ts'
import { MASS_STORY, UNSEEN } from '../../toolkit/cli/demo/masses.ts'
import { type Story, tell } from '../../toolkit/cli/demo/story.ts'
import { anomalies } from '../../toolkit/simulation/anomalies.ts'
import { flavours } from '../../toolkit/simulation/flavours/index.ts'
import { MASSES, resonances } from '../../toolkit/simulation/resonances.ts'
import { otherSeed } from '../../toolkit/simulation/sample.ts'
import { COMMAND, Folder } from './support.ts'

const test = suite('stories')
const folder = new Folder()
test.after(() => folder.remove())

const COUNT = 4000

async function told(name: string, story: Story) {
  const path = folder.file(name)
  mkdirSync(path)
  return tell(story, path, { seed: 3 })
}

test('masses: a teacher that never saw the middle one is followed there by its drone', async () => {
  const seen = MASSES.filter((mass) => mass !== UNSEEN)
  const samples: Story['samples'] = (seed) => ({
    train: resonances(COUNT, seed, seen),
    test: resonances(COUNT, otherSeed(seed)),
  })
  const { comparison } = await told('masses', { ...MASS_STORY, samples })
  const { slices } = comparison.by!
  assert.equal(
    slices.map(({ from, to }) => [from, to]),
    MASSES.map((mass) => [mass, mass]),
  )
  for (const { from, auc } of slices) {
    assert.ok(auc!.teacher > 0.9, `AUC of the teacher at ${from} GeV: ${auc!.teacher}`)
    assert.ok(Math.abs(auc!.teacher - auc!.drone) < 0.005, `AUC at ${from} GeV: ${auc!.teacher}, ${auc!.drone}`)
  }
})

test('anomalies: at 1 % of the known decays, a drone keeps nearly as many of the unknown ones as its teacher', async () => {
  const samples: Story['samples'] = (seed) => ({
    train: anomalies(COUNT, seed, 0),
    test: anomalies(2 * COUNT, otherSeed(seed), 0.5),
  })
  const learn = { ...ANOMALY_STORY.learn, questions: 5000 }
  const { comparison } = await told('anomalies', { ...ANOMALY_STORY, samples, learn })
  const { auc, cut, cutOfTeacher } = comparison
  assert.ok(auc!.teacher > 0.8 && Math.abs(auc!.teacher - auc!.drone) < 0.03, `AUC ${auc!.teacher}, ${auc!.drone}`)
  assert.ok(cut!.rejection >= 0.99 && cutOfTeacher!.rejection >= 0.99)
  // A cut that knew nothing would keep 1 %.
  assert.ok(
    cutOfTeacher!.efficiency > 0.05 && cut!.efficiency > 0.05,
    `${cutOfTeacher!.efficiency}, ${cut!.efficiency}`,
  )
})

test('flavours: a drone of 66 inputs and four outputs tells them apart as its teacher does', async () => {
  const samples: Story['samples'] = (seed) => ({
    train: flavours(COUNT, seed),
    test: flavours(COUNT, otherSeed(seed)),
  })
  const { comparison, learnt } = await told('flavours', { ...FLAVOUR_STORY, samples })
  assert.equal([learnt.drone.inputs.length, learnt.drone.outputs], [66, ['b', 'bb', 'c', 'udsg']])
  // A jet without any track has no score, where the events to learn from had none of that kind.
  const events = comparison.classes!.classes.reduce((sum, { events }) => sum + events, 0)
  assert.is(events + comparison.unscored, COUNT)
  assert.ok(comparison.unscored < 5, `${comparison.unscored} without a score`)
  for (const { name, auc } of comparison.classes!.classes) {
    assert.ok(auc!.teacher > 0.85 && auc!.drone > auc!.teacher - 0.03, `AUC of ${name}: ${auc!.teacher}, ${auc!.drone}`)
  }
  assert.ok(comparison.classes!.agreement > 0.8, `agreement ${comparison.classes!.agreement}`)
  assert.ok(comparison.cut!.rejection > 0.8, `rejection ${comparison.cut!.rejection}`)
})

test('the command tells a story, and what it says to type next works', () => {
  const { status, err, out } = folder.run('demo', '--masses', '--json', '--out', 'here')
  assert.is(status, 0, err)
  assert.is(err, '')
  const { learnt, compared } = JSON.parse(out)
  assert.is(learnt.layers.join(), '16,1')
  const middle = compared.by.slices.find(({ from }: { from: number }) => from === UNSEEN)
  assert.ok(Math.abs(middle.auc.teacher - middle.auc.drone) < 0.005, JSON.stringify(middle))
  assert.equal(readdirSync(folder.file('here')).sort(), [
    'drone.json',
    'report.html',
    'teacher.h5',
    'test.csv',
    'train.csv',
  ])
  assert.match(readFileSync(folder.file('here/report.html'), 'utf8'), /AUC by mass/)
  for (const command of MASS_STORY.commands) {
    const [npx, nndrone, ...args] = command.split(' ')
    assert.equal([npx, nndrone], ['npx', 'nndrone'])
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      cwd: folder.file('here'),
      encoding: 'utf8',
    })
    assert.is(status, 0, `${command}: ${stderr}`)
  }
  assert.ok(existsSync(folder.file('here/mine.json')))
})

test('two stories at once, and a folder of another, are refused', () => {
  const both = folder.run('demo', '--masses', '--flavours')
  assert.is(both.status, 2)
  assert.is(both.err, 'nndrone: --masses cannot be combined with --flavours; tell one story after the other\n')
  const other = folder.run('demo', '--flavours', '--out', 'here')
  assert.is(other.status, 2)
  assert.match(other.err, /here\/train\.csv exists and is not of an earlier demo; add --force to replace it/)
})

test.run()
