/** What predict writes: in each format the same scores, which other readers find there. */
import { readdirSync, readFileSync } from 'node:fs'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { load, openEvents } from '../../toolkit/events/index.ts'
import { firstDifference, randomNumbers, seeded } from '../support.ts'
import { Folder, someDrone } from './support.ts'

const test = suite('scores')
/** More than a group of rows in Parquet. */
const COUNT = 140_001

let folder: Folder
test.before.each(() => {
  folder = new Folder()
})
test.after.each(() => folder.remove())

function predicted(outputs: number, out: string, count = 2_001): Float32Array {
  const drone = someDrone(folder, outputs)
  const values = randomNumbers(seeded(2), 3 * count)
  values[3 * 7] = Number.NaN
  const lines = Array.from({ length: count }, (_, n) => values.subarray(3 * n, 3 * n + 3).join())
  folder.write('events.csv', `a,b,c\n${lines.join('\n')}\n`)
  const { status, err } = folder.run('predict', 'drone.json', '--events', 'events.csv', '--out', out)
  assert.is(status, 0, err)
  assert.match(err, /^[\d,]+ events, [\d.]+ [kM]B in [\d.e-]+ s \([\d,]+ events\/s, [\d.]+ [kM]B\/s\)\n$/)
  return drone.predictBatch(values)
}

for (const outputs of [1, 3]) {
  const names = Array.from({ length: outputs }, (_, i) => `y${i}`)

  for (const format of ['csv', 'ndjson', 'npy', 'parquet']) {
    test(`${format}, ${outputs} outputs: read again, the same bits`, async () => {
      const scores = predicted(outputs, `scores.${format}`, outputs === 1 ? COUNT : 2_001)
      const source = await openEvents([folder.file(`scores.${format}`)])
      const { events } = await load(source, names, [])
      assert.is(firstDifference(Float32Array.from(events), scores), -1)
    })
  }

  test(`NPY as NumPy describes it, ${outputs} outputs`, () => {
    const scores = predicted(outputs, 'scores.npy')
    const bytes = readFileSync(folder.file('scores.npy'))
    assert.is(bytes.length, 128 + 4 * scores.length)
    const shape = outputs === 1 ? '(2001,)' : `(2001, ${outputs})`
    assert.is(bytes.toString('latin1', 0, 10), '\x93NUMPY\x01\0v\0')
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`
    assert.is(bytes.toString('latin1', 10, 128), `${header.padEnd(117)}\n`)
    assert.is(
      firstDifference(
        new Float32Array(bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + bytes.length)),
        scores,
      ),
      -1,
    )
  })
}

test('Parquet: names, types and groups', async () => {
  predicted(2, 'scores.parquet', COUNT)
  const { buffer } = new Uint8Array(readFileSync(folder.file('scores.parquet')))
  const { schema, row_groups: groups } = parquetMetadata(buffer)
  assert.equal(
    schema.slice(1).map(({ name, type }) => [name, type]),
    [
      ['y0', 'FLOAT'],
      ['y1', 'FLOAT'],
    ],
  )
  assert.equal(
    groups.map((group) => Number(group.num_rows)),
    [131072, COUNT - 131072],
  )
  const rows = await parquetReadObjects({
    file: { byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) },
  })
  assert.equal(Object.keys(rows[0]!), ['y0', 'y1'])
})

test('a file is whole or not there', () => {
  someDrone(folder)
  folder.write('wrong.csv', `a,b,c\n${'1,2,3\n'.repeat(100_000)}1,2,x\n`)
  for (const format of ['npy', 'parquet', 'ndjson']) {
    const { status, err } = folder.run('predict', 'drone.json', '--events', 'wrong.csv', '--out', `scores.${format}`)
    assert.is(status, 1)
    assert.is(err, 'nndrone: wrong.csv:100002: column "c": "x" is not a number\n')
  }
  assert.equal(readdirSync(folder.path).sort(), ['drone.json', 'wrong.csv'])
})

test('an ending that no format has is refused before anything is read', () => {
  someDrone(folder)
  for (const out of ['scores.txt', 'scores.csv.gz', 'scores.root']) {
    const { status, err } = folder.run('predict', 'drone.json', '--events', 'nowhere.csv', '--out', out)
    assert.is(status, 2)
    const ending = out.slice(out.lastIndexOf('.'))
    assert.is(
      err,
      `nndrone: --out ${out}: no format is known by the ending ${ending}; known are .csv, .ndjson, .jsonl, .npy, .parquet\n`,
    )
  }
})

test('without a name that tells: as the events', () => {
  someDrone(folder)
  folder.write('events.ndjson', '{"a":1,"b":2,"c":3}\n')
  folder.run('predict', 'drone.json', '--events', 'events.ndjson', '--out', 'scores')
  assert.match(readFileSync(folder.file('scores'), 'utf8'), /^\{"y0":[\d.e-]+\}\n$/)
  folder.run('predict', 'drone.json', '--events', 'events.ndjson', '--out', 'scores.CSV')
  assert.match(readFileSync(folder.file('scores.CSV'), 'utf8'), /^y0\n[\d.e-]+\n$/)
})

test.run()
