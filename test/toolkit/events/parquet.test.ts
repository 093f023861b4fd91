/** Events from Parquet: what another program wrote (fixtures/arrow.mjs), and what is said of wrong files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  parquetWriteBuffer,
  schemaFromColumnData,
} from 'hyparquet-writer'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../support.ts'
import { Events } from './support.ts'

const test = suite('events: Parquet')
const folder = new Events()

test.after(() => folder.remove())

const fixture = (name: string) => join(root, 'test/toolkit/events/fixtures', name)

const numbers = Array.from({ length: 37 }, (_, n) => n)
const b = (n: number) => (n % 10 === 9 ? Number.NaN : Math.fround((n / 8) ** 2 - 3))

function written(...columnData: ColumnSource[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1000 }))
}

for (const codec of ['uncompressed', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4-raw']) {
  test(`numbers of every type, groups of 16 rows, ${codec}`, async () => {
    const { events, beside } = await folder.read(fixture(`${codec}.parquet`), ['b', 'a'], ['label', 'wide', 'flag'])
    assert.equal(
      events,
      numbers.flatMap((n) => [b(n), n / 8]),
    )
    assert.equal(beside, [
      numbers.map((n) => n % 2),
      numbers.map((n) => 2 ** 53 - n),
      numbers.map((n) => Number(n % 3 === 0)),
    ])
  })
}

test('many groups of many rows, with and without missing values', async () => {
  const count = 12_345
  const a = Float64Array.from({ length: count }, (_, n) => n / 7)
  const c = Array.from({ length: count }, (_, n) => (n % 3 === 0 ? undefined : n))
  folder.write(
    'events.parquet',
    written({ name: 'a', data: a, nullable: false }, { name: 'c', data: c, type: 'INT32' }),
  )
  const { events } = await folder.read('events.parquet', ['c', 'a'])
  assert.equal(
    events,
    Array.from(a).flatMap((value, n) => [n % 3 === 0 ? Number.NaN : n, value]),
  )
})

test('a column without a name, and one whose name is empty', async () => {
  const bytes = Buffer.from(written({ name: 'n', data: [1, 2], type: 'INT32' }))
  // The column in the schema: its repetition, its name of one letter, and the end.
  const at = bytes.lastIndexOf('250218016e', 'hex')
  const withName = (hex: string) => {
    const changed = Buffer.concat([bytes.subarray(0, at + 2), Buffer.from(hex, 'hex'), bytes.subarray(at + 5)])
    const length = changed.length - 8
    changed.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) + changed.length - bytes.length, length)
    return changed
  }
  folder.write('none.parquet', withName(''))
  await folder.refuses(
    'none.parquet',
    'none.parquet: broken Parquet data (a column without a name); is the file whole?',
  )
  folder.write('empty.parquet', withName('1800'))
  await folder.refuses('empty.parquet', /^empty\.parquet: no column "a"/)
})

test('columns that hold no numbers are refused by name, if they are asked for', async () => {
  const path = fixture('snappy.parquet')
  await folder.refuses(path, /: column "name" holds STRING, expected numbers$/, ['a', 'name'])
  await folder.refuses(path, /: column "list" holds nested values, expected numbers$/, ['a', 'list'])
  await folder.refuses(path, /: no column "x"; there are a, b, when, kind, label, wide, flag, name, list, last$/, [
    'a',
    'x',
  ])
  folder.write('time.parquet', written({ name: 'a', data: [new Date(0)], type: 'TIMESTAMP' }))
  await folder.refuses('time.parquet', /^time.parquet: column "a" holds TIMESTAMP/, ['a'])
})

test('cut short, foreign or hostile', async () => {
  const bytes = readFileSync(fixture('snappy.parquet'))
  folder.write('cut.parquet', bytes.subarray(0, 3000))
  await folder.refuses('cut.parquet', /^cut\.parquet: broken Parquet data \(.+\); is the file whole\?$/)
  const writer = new ByteWriter()
  const columnData: ColumnSource[] = [{ name: 'a', data: [1, 2, 3], type: 'DOUBLE' }]
  const lying = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData }) })
  lying.write({ columnData })
  ;(lying as any).row_groups[0].num_rows = 10n ** 12n
  lying.finish()
  folder.write('lying.parquet', writer.getBytes())
  await folder.refuses('lying.parquet', /^lying\.parquet: column "a" holds 3 events instead of \d+ from event 0/, ['a'])
  folder.write('none.parquet', written({ name: 'a', data: [], type: 'DOUBLE' }))
  await folder.refuses('none.parquet', 'none.parquet: no events', ['a'])
})

test('files that are cut short or have bytes changed are read or refused', async () => {
  for (const codec of ['snappy', 'zstd', 'uncompressed']) {
    const refused = await folder.fuzz('x.parquet', readFileSync(fixture(`${codec}.parquet`)), ['a', 'b', 'wide'], 150)
    assert.ok(refused > 40, `${codec}: ${refused}`)
  }
})

test.run()
