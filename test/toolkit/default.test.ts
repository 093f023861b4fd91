/** predict --default: what a missing value becomes. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder, someDrone } from './support.ts'

const test = suite('predict --default')
const folder = new Folder()
test.after(() => folder.remove())

test('missing values become what was given, whatever the drone has; others stay', () => {
  const drone = someDrone(folder)
  folder.write('events.csv', 'a,b,c\n1,2,3\n1,,3\n1,2,\n,,\n')
  folder.write('events.ndjson', '{"a":1,"b":2,"c":3}\n{"a":1,"c":3}\n{"a":1,"b":2,"c":null}\n{}\n')
  const scores = (rows: number[][]) => rows.map((row) => Math.fround(drone.predict(row)))
  const predicted = (file: string, ...args: string[]) => {
    const { status, out, err } = folder.run('predict', 'drone.json', '--events', file, '--json', ...args)
    assert.is(status, 0, err)
    return JSON.parse(out).scores.y0.map((score: number | null) => score && Math.fround(score))
  }
  const both = ['--default', 'c=7', '--default', 'b=-1']
  for (const file of ['events.csv', 'events.ndjson']) {
    const known = scores([
      [1, 2, 3],
      [1, -1, 3],
      [1, 2, 7],
    ])
    assert.equal(predicted(file, ...both), [...known, null])
    assert.equal(predicted(file, ...both, '--default', 'a=4'), [...known, ...scores([[4, -1, 7]])])
    assert.equal(
      predicted(file, '--default', 'c=7'),
      [
        ...scores([
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, 7],
        ]),
        null,
      ],
      "b has the drone's",
    )
  }
  folder.write('some.csv', 'a,b,c\n1,2,\n1,x,3\n')
  const bad = folder.run('predict', 'drone.json', '--events', 'some.csv', '--on-error', 'null', ...both)
  assert.match(bad.out, /^y0\n[\d.]+\nnan\n$/, 'a bad record has no score still')
})

test('columns of other names, and a column without any value', () => {
  const drone = someDrone(folder)
  folder.write('other.csv', 'x,y,z\n1,2,\n1,2,\n')
  const args = ['predict', 'drone.json', '--events', 'other.csv', '--features', 'x,y,z', '--json']
  assert.match(folder.run(...args).err, /^no event has a value of "z"\n/)
  const { out, err } = folder.run(...args, '--default', 'z=7')
  assert.is(err, '')
  assert.equal(JSON.parse(out).scores.y0.map(Math.fround), new Array(2).fill(Math.fround(drone.predict([1, 2, 7]))))
  const wrong = folder.run(...args, '--default', 'c=7')
  assert.equal([wrong.status, wrong.err], [2, 'nndrone: --default: "c" is not a feature; there are x, y, z\n'])
})

test.run()
