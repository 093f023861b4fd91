/** Slices of a column: together they are the whole. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { auc, fidelity } from '../../../bindings/index.ts'
import { compare, openDrone, openEvents } from '../../../toolkit/index.ts'
import { seeded } from '../../support.ts'
import { Folder, someDrone } from '../support.ts'

const test = suite('slices')
const folder = new Folder()
test.after(() => folder.remove())

const COUNT = 2000
const random = seeded(7)
/** mass has four values; depth has as many as events, and some are missing; kind tells little. */
const rows = Array.from({ length: COUNT }, () => {
  const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()]
  const mass = 100 * (1 + Math.floor(4 * random.uniform()))
  const depth = random.uniform() < 0.1 ? '' : 10 * random.uniform() ** 3
  return { a, b, c, mass, depth, label: Number(mass === 400 || random.uniform() < a), answer: random.uniform() }
})

let drone: Awaited<ReturnType<typeof openDrone>>
test.before(async () => {
  someDrone(folder)
  const names = Object.keys(rows[0]!)
  folder.write('events.csv', `${names}\n${rows.map((row) => Object.values(row).join()).join('\n')}\n`)
  folder.write(
    'events.ndjson',
    rows.map((row) => `${JSON.stringify({ ...row, depth: row.depth === '' ? undefined : row.depth })}\n`).join(''),
  )
  drone = await openDrone(folder.file('drone.json'))
})

const compared = async (column: string, bins?: number, file = 'events.csv') => {
  const events = await openEvents(folder.file(file))
  return compare({ drone, target: ['answer'], label: 'label', events, by: { column, bins } })
}

const scoresOf = (some: typeof rows) => drone.predictBatch(Float64Array.from(some.flatMap(({ a, b, c }) => [a, b, c])))

for (const [column, bins] of [
  ['depth', undefined],
  ['depth', 1],
  ['depth', 7],
  ['depth', 5000],
  ['mass', 3],
  ['mass', 4],
  ['a', 6],
] as const) {
  test(`sums over the slices are the whole: ${column}, ${bins ?? 'as it comes'}`, async () => {
    const { by, events, mse, mae, maxError } = await compared(column, bins)
    assert.is(by!.column, column)
    const { slices } = by!
    const sum = (key: 'mse' | 'mae') => slices.reduce((all, slice) => all + slice[key] * slice.events, 0)
    assert.is(
      slices.reduce((all, slice) => all + slice.events, 0),
      events,
    )
    assert.ok(Math.abs(sum('mse') / (mse * events) - 1) < 1e-12)
    assert.ok(Math.abs(sum('mae') / (mae * events) - 1) < 1e-12)
    assert.is(Math.max(...slices.map((slice) => slice.maxError)), maxError)
    const known = slices.filter(({ from }) => from !== undefined)
    assert.ok(known.length <= Math.max(1, bins ?? 10), `${known.length} slices`)
    for (const [k, { from, to }] of known.entries()) {
      assert.ok(from! <= to!)
      if (k > 0) assert.ok(known[k - 1]!.to! < from!, 'no value is in two slices')
    }
  })
}

test('each slice is measured as its events alone are', async () => {
  const { by } = await compared('mass')
  assert.equal(
    by!.slices.map(({ from, to }) => [from, to]),
    [100, 200, 300, 400].map((mass) => [mass, mass]),
  )
  for (const { from, auc: aucs, ...measured } of by!.slices) {
    const some = rows.filter(({ mass }) => mass === from)
    const [own, others] = [scoresOf(some), Float32Array.from(some, ({ answer }) => answer)]
    const { to: _, ...figures } = measured
    assert.equal(figures, fidelity(own, others))
    const labels = some.map(({ label }) => label)
    // There is no background of the last mass.
    const expected = from === 400 ? undefined : { teacher: auc(others, labels), drone: auc(own, labels) }
    assert.equal(aucs, expected)
  }
})

test('events of equal numbers, and those without a value apart; NDJSON may lack the key', async () => {
  const { by } = await compared('depth', 4)
  const missing = rows.filter(({ depth }) => depth === '').length
  const sizes = by!.slices.map(({ events }) => events)
  assert.is(sizes.at(-1), missing)
  assert.equal([by!.slices.at(-1)!.from, by!.slices.at(-1)!.to], [undefined, undefined])
  for (const size of sizes.slice(0, -1)) assert.ok(Math.abs(size - (COUNT - missing) / 4) <= 1, `${size} events`)
  assert.equal((await compared('depth', 4, 'events.ndjson')).by, by)
})

test('the command prints them', () => {
  const args = ['compare', 'drone.json', '--target', 'answer', '--events', 'events.csv']
  const { out, err } = folder.run(...args, '--label', 'label', '--by', 'mass')
  assert.is(err, '')
  const lines = out.slice(out.indexOf('by mass')).trim().split('\n')
  assert.match(lines[0]!, /^by mass +events +MSE +largest error +AUC of teacher +of drone$/)
  assert.match(lines[1]!, /^100 +\d+ +[\d.]+ +[\d.]+ +0\.\d{5} +0\.\d{5}$/)
  assert.match(lines[4]!, /^400 +\d+ +[\d.]+ +[\d.]+$/)
  const plain = folder.run(...args, '--by', 'depth:2')
  assert.match(
    plain.out,
    /\nby depth +events +MSE +largest error\n\S+ to \S+ +\d{3} .*\n\S+ to \S+ +\d{3} .*\nno value +\d+ /,
  )
  const { by } = JSON.parse(folder.run(...args, '--by', 'depth:2', '--json').out)
  assert.is(by.slices.length, 3)
  for (const [by, message] of [
    [
      'mass:0',
      "nndrone: option '--by <column[:n]>' argument 'mass:0' is invalid. Expected a whole number from 1.\n(--help says more)\n",
    ],
    [
      'masss',
      'nndrone: events.csv: no column "masss" (did you mean "mass"?); there are a, b, c, mass, depth, label, answer\n',
    ],
  ] as const) {
    assert.is(folder.run(...args, '--by', by).err, message)
  }
})

test.run()
