/** Columns that are computed of others. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openEvents } from '../../../toolkit/events/index.ts'
import { Events } from './support.ts'

const folder = new Events()
const test = suite('events: derived')

test.after(() => folder.remove())

test('a column that is not there is computed, where its name is an expression over those that are', async () => {
  const csv = folder.write('events.csv', 'x,y\n1,4\n-2,0.5\n,8\n')
  const ndjson = folder.write('events.ndjson', '{"x":1,"y":4}\n{"x":-2,"y":0.5}\n{"x":null,"y":8}\n')
  for (const file of [csv, ndjson]) {
    const { events, beside } = await folder.read(file, ['abs(x)', 'y', 'x / y'], ['pow(y, 2)'])
    assert.equal(events, [1, 4, 0.25, 2, 0.5, -4, Number.NaN, 8, Number.NaN])
    assert.equal(beside, [[16, 0.25, 64]])
  }
})

test('a column of that name comes first', async () => {
  const file = folder.write('named.csv', 'x,log(x)\n1,7\n')
  assert.equal((await folder.read(file, ['log(x)', 'x'])).events, [7, 1])
})

test('what is no such expression is a column that is missing', async () => {
  const file = folder.write('wrong.csv', 'x,y\n1,2\n')
  for (const name of [
    'z',
    'log(z)',
    'x +',
    'x.y',
    'x[0]',
    'constructor(x)',
    'x = 1',
    'log(x, y)',
    '2',
    'x && y',
    '"x"; y',
  ]) {
    await folder.refuses(file, `${file}: no column ${JSON.stringify(name)}; there are x, y`, [name])
  }
})

test('columns that go along and rows that are left out stay in step', async () => {
  folder.write('kept.csv', 'x,y\n1,a\n2,b\n')
  const source = await openEvents([folder.file('kept.csv')])
  const kept: unknown[] = []
  for await (const piece of source.read(['2 * x'], { keep: ['y'] })) {
    kept.push(...piece.rows, ...piece.kept!.map(({ cells }) => cells))
  }
  assert.equal(kept, [2, 4, ['a'], ['b']])
})

test.run()
