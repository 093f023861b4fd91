/** Infinity, missing values and truth values mean the same in every format, and numbers of sixteen bits are read. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { half } from '../../../toolkit/events/read/strips.ts'
import { root, seeded } from '../../support.ts'
import { Events } from './support.ts'

const test = suite('events: values')
const folder = new Events()

test.after(() => folder.remove())

const fixture = (name: string) => join(root, 'test/toolkit/events/fixtures', name)

const { NaN: none, POSITIVE_INFINITY: inf } = Number

/** The columns a and flag of the events in every file. */
const A = [inf, -inf, none, 1.5, none]
const FLAG = [1, 0, none, 1, 0]

const ROWS = ['inf,True', '-Infinity,false', 'nan,None', '1.5,TRUE', ',false']
const OBJECTS = [
  '{"a": Infinity, "flag": true}',
  '{"a": -Infinity, "flag": false}',
  '{"a": NaN, "flag": null}',
  '{"a": 1.5, "flag": true}',
  '{"a": null, "flag": false}',
]

const FILES: Record<string, string | Uint8Array> = {
  'events.csv': `a,flag\n${ROWS.join('\n')}\n`,
  'quoted.csv': `a,flag\n${ROWS.map((row) => `"${row.replace(',', '","')}"`).join('\n')}\n`,
  'events.tsv': `a\tflag\n${ROWS.join('\n').replaceAll(',', '\t').replace('inf', '+INF')}\n`,
  'events.ndjson': `${OBJECTS.join('\n')}\n`,
  'array.json': `[${OBJECTS.join(', ')}]`,
  'pretty.json': `\ufeff[\n${OBJECTS.join(',\n').replaceAll('{', '{\n  ')}\n]\n`,
  'events.json.gz': gzipSync(`[${OBJECTS.join(',')}]`),
  'special.arrow': readFileSync(fixture('special.arrow')),
  'special.parquet': readFileSync(fixture('special.parquet')),
}

for (const [name, content] of Object.entries(FILES)) {
  test(name, async () => {
    const { events } = await folder.read(folder.write(name, content), ['a', 'flag'])
    assert.equal(
      events,
      A.flatMap((a, n) => [a, FLAG[n]!]),
    )
  })
}

test('arrays of NumPy, which have no missing values', async () => {
  const { events } = await folder.read(fixture('special.npz'), ['a', 'flag'])
  assert.equal(events, [inf, 1, -inf, 0, none, 1, 1.5, 0])
})

test('numbers of 16 and 32 bits', async () => {
  const specials = [inf, -inf, none, 1.5]
  for (const name of ['special.arrow', 'special.parquet']) {
    const { events } = await folder.read(fixture(name), ['half', 'b'])
    assert.equal(
      events,
      [...specials, none].flatMap((value) => [value, value]),
      name,
    )
  }
  const written = [...specials, -0.0999755859375, 65504, 2 ** -24]
  const { events } = await folder.read(fixture('half.npy'), ['0', '1'])
  assert.equal(
    events,
    written.flatMap((value, n) => [value, written[6 - n]!]),
  )
  const columnData: ColumnSource[] = [{ name: 'a', data: [0.5, -2, inf], type: 'FLOAT16', nullable: false }]
  folder.write('half.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
  assert.equal((await folder.read('half.parquet', ['a'])).events, [0.5, -2, inf])
})

test('every number of 16 bits comes back from its parts', () => {
  for (let bits = 0; bits < 1 << 16; bits++) {
    const value = half(bits)
    const exponent = (bits >> 10) & 31
    if (exponent === 31) assert.is(Number.isFinite(value), false)
    else if (exponent > 0) assert.is(Math.abs(value) / 2 ** (exponent - 25) - 1024, bits & 1023)
    else assert.is(Math.abs(value) * 2 ** 24, bits & 1023)
    if (!Number.isNaN(value)) assert.is(Object.is(value, Math.abs(value)), bits < 0x8000, String(bits))
  }
})

test('an answer or a label has to be finite', async () => {
  folder.write('labels.csv', 'a,label\n1,0\n2,inf\n')
  const message = 'labels.csv: column "label" of event 1 (from 0) is Infinity, expected a finite number'
  await folder.refuses('labels.csv', message, ['a'], ['label'])
})

test('words that are none of these', async () => {
  for (const word of ['infinit', 'inf.', 'yes', 'Tru', 'truefalse', 'nans', '1inf'])
    await folder.refuses(
      folder.write('words.csv', `a,b\n1,${word}\n`),
      `words.csv:2: column "b": "${word}" is not a number`,
    )
  for (const word of ['1Infinity', 'Infinity5', 'NaN1', '-NaN', 'nan', 'True', 'None', '- Infinity'])
    await folder.refuses(
      folder.write('words.ndjson', `{"a":1,"b":${word}}\n`),
      `words.ndjson:1: ${JSON.stringify(`{"a":1,"b":${word}}`)} is not JSON; each line holds an event, an object or an array`,
    )
  folder.write('text.ndjson', '{"a":1,"b":2,"c":"NaN, \\"Infinity\\" "}\n{"a":NaN,"b":3,"c":"NaN"}\n')
  assert.equal((await folder.read('text.ndjson')).events, [1, 2, none, 3])
})

test('many words, and texts that do not end, in one line', async () => {
  const random = seeded(1)
  const words = Array.from({ length: 200_000 }, () => ['NaN', '-Infinity', 'Infinity'][random.below(3)]!)
  folder.write('words.ndjson', `{"a":1,"b":2,"c":[${words.join()}]}\n`)
  assert.equal((await folder.read('words.ndjson')).events, [1, 2])
  folder.write('quotes.ndjson', `{"a":${'"\\"'.repeat(1_000_000)}\n`)
  await folder.refuses('quotes.ndjson', /^quotes\.ndjson:1: .* is not JSON; each line holds an event/)
})

test.run()
