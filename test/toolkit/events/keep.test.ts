/** What goes along with events: the text of columns in every format, row numbers, and bad records. */
import { join } from 'node:path'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lastRecord, quotedRecord } from '../../../bindings/lines.ts'
import { type EventSource, type Kept, openEvents, type Reading, select, Where } from '../../../toolkit/events/index.ts'
import { memberTexts } from '../../../toolkit/events/read/members.ts'
import { root, seeded, withData } from '../../support.ts'
import { Events } from './support.ts'

const test = suite('events: what goes along')
const folder = new Events()

test.after(() => folder.remove())

const fixture = (name: string) => join(root, 'test/toolkit/events/fixtures', name)

async function gathered(source: EventSource, columns: readonly string[], reading: Reading) {
  const rows: number[] = []
  const kept: Kept[] = []
  for await (const piece of source.read(columns, reading)) {
    rows.push(...piece.rows)
    assert.is(piece.kept?.length, piece.rows.length / columns.length)
    kept.push(...piece.kept!)
  }
  return { rows, kept }
}

async function cells(path: string, columns: readonly string[], keep: readonly string[]) {
  const { kept } = await gathered(await openEvents([path]), columns, { keep })
  assert.equal(
    kept.map(({ row }) => row),
    [...kept.keys()],
  )
  return kept.map(({ cells }) => cells)
}

const write = (name: string, content: string | Uint8Array) => folder.file(folder.write(name, content))

test('CSV: cells as they are written', async () => {
  const text = 'run;a;note\r\n1234567890123456789;1.50;"a ""b""; c"\r\n\r\n007; 2 ;\n+1;.5;"two\nlines"'
  assert.equal(await cells(write('keep.csv', text), ['a'], ['note', 'a', 'run']), [
    ['a "b"; c', '1.50', '1234567890123456789'],
    ['', ' 2 ', '007'],
    ['two\nlines', '.5', '+1'],
  ])
})

test('NDJSON: the text of values, in any order, however they are nested', async () => {
  const lines = [
    '{"run": 1234567890123456789 ,"a":1.50,"t":{"a":[1, "}"],"b":{}}}',
    '  { "t" : "x\\"y, {" , "\\u0061":2e0,"b":[ ], "run":null}  \r',
    '{"a":3,"a":4,"t":true}',
  ]
  assert.equal(await cells(write('keep.ndjson', lines.join('\n')), ['a'], ['a', 't', 'run']), [
    ['1.50', '{"a":[1, "}"],"b":{}}', '1234567890123456789'],
    ['2e0', '"x\\"y, {"', 'null'],
    ['4', 'true', undefined],
  ])
  const { kept } = await gathered(await openEvents([folder.file('keep.ndjson')]), ['a'], {
    keep: [],
    whole: { taken: [] },
  })
  assert.equal(
    kept.map(({ event }) => event),
    lines.map((line) => line.trim()),
  )
})

test('members are those that JSON.parse finds', () => {
  const random = seeded(4)
  const space = () => ['', ' ', '\t', '  '][random.below(4)]
  const text = () => JSON.stringify(['', 'a', '"', '\\', '{', ',', ']', '\u2028é', 'k\n'][random.below(9)])
  function value(depth: number): string {
    const kind = random.below(depth > 2 ? 3 : 5)
    if (kind === 0) return text()
    if (kind === 1) return ['0', '-1.50e+3', '12345678901234567890'][random.below(3)]!
    if (kind === 2) return ['true', 'false', 'null'][random.below(3)]!
    const items = Array.from({ length: random.below(4) }, () => value(depth + 1))
    if (kind === 3) return `[${space()}${items.join(`${space()},${space()}`)}${space()}]`
    return object(items)
  }
  function object(items: string[]): string {
    const members = items.map((item) => `${space()}${text()}${space()}:${space()}${item}${space()}`)
    return `{${space()}${members.join(',')}}`
  }
  for (let round = 0; round < 2000; round++) {
    const line = object(Array.from({ length: random.below(6) }, () => value(0)))
    const parsed = JSON.parse(line)
    const keys = [...Object.keys(parsed), 'absent']
    const texts = memberTexts(line, new Map(keys.map((key, i) => [key, i])))
    for (const [i, key] of keys.entries()) {
      assert.equal(texts[i] === undefined ? undefined : JSON.parse(texts[i]), parsed[key], `${line}: ${key}`)
      if (texts[i] !== undefined) assert.ok(line.includes(texts[i]))
    }
  }
})

test('NPY and NPZ: every digit of a number, and texts', async () => {
  const names = [...Array.from({ length: 12 }, (_, i) => `x${i}`), "it's"]
  assert.equal(await cells(fixture('records.npy'), ['x0'], names), [
    '1 -128 255 -32768 65535 -2147483648 4294967295 -9007199254740992 18446744073709551615 -1 1.5 3.141592653589793 x'.split(
      ' ',
    ),
    '0 127 0 32767 0 2147483647 0 4611686018427387905 9007199254740993 -9223372036854775808 nan -inf y'.split(' '),
  ])
  assert.equal((await cells(fixture('columns.npz'), ['a'], ['name', 'label', 'b']))[1], ['x', '1', '-2.984375'])
  assert.equal((await cells(fixture('fortran.npy'), ['1'], ['1', '0']))[36], ['17.25', '4.5'])
  await folder.refuses(fixture('records.npy'), /column "v" is of type "<f42", expected numbers$/, ['v'])
})

const EXPECTED = [
  ['event 8', '0', '1', '9007199254740984', '-2'],
  ['event 9', '1', '1.125', '9007199254740983', undefined],
]

for (const [name, last] of [
  ['stream.arrow', 'last'],
  ['file.arrow', 'last'],
  ['snappy.parquet', 'last'],
] as const) {
  test(`${name}: numbers, texts, and what is missing`, async () => {
    const all = await cells(fixture(name), ['a'], ['name', 'label', 'a', 'wide', 'b', last])
    assert.is(all.length, 37)
    assert.equal(
      all.slice(8, 10).map((row) => row.slice(0, 5)),
      EXPECTED,
    )
    assert.equal(all[5]![5], '-5')
  })
}

test('Parquet: times with all their digits', async () => {
  const time = (name: string, unit: 'MICROS' | 'NANOS' | 'MILLIS') => {
    const logical = { type: 'TIMESTAMP' as const, isAdjustedToUTC: true, unit }
    return { name, type: 'INT64' as const, repetition_type: 'REQUIRED' as const, logical_type: logical }
  }
  const writer = new ByteWriter()
  const a = { name: 'a', type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const }
  const day = {
    name: 'day',
    type: 'INT32' as const,
    converted_type: 'DATE' as const,
    repetition_type: 'OPTIONAL' as const,
  }
  const times = [time('ms', 'MILLIS'), time('us', 'MICROS'), time('ns', 'NANOS')]
  const file = new ParquetWriter({ writer, schema: [{ name: 'root', num_children: 5 }, a, ...times, day] })
  file.write({
    columnData: [
      { name: 'a', data: [1, 2] },
      { name: 'ms', data: [1n, -1n] },
      { name: 'us', data: [1_600_000_000_123_456n, -1n] },
      { name: 'ns', data: [1_600_000_000_123_456_789n, 0n] },
      { name: 'day', data: [18_000, null] },
    ],
  })
  file.finish()
  const path = write('times.parquet', writer.getBytes())
  assert.equal(await cells(path, ['a'], ['ms', 'us', 'ns', 'day']), [
    ['1970-01-01T00:00:00.001Z', '2020-09-13T12:26:40.123456Z', '2020-09-13T12:26:40.123456789Z', '2019-04-14'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999999Z', '1970-01-01T00:00:00.000000000Z', undefined],
  ])
})

test('what has no text is refused by name', async () => {
  const refuses = async (path: string, keep: string, message: RegExp) => {
    const source = await openEvents([path])
    assert.throws(() => source.read(['a'], { keep: [keep] }), message)
  }
  await refuses(
    fixture('stream.arrow'),
    'list',
    /stream\.arrow: column "list" holds list; only numbers and text can be kept$/,
  )
  await refuses(fixture('snappy.parquet'), 'list', /column "list" holds nested values; name flat columns to keep$/)
  await refuses(fixture('snappy.parquet'), 'runs', /snappy\.parquet: no column "runs"; there are a, b, when, /)
})

withData(test, 'ROOT: numbers of branches', 'root/uproot-HZZ.root', async (path) => {
  const all = await cells(path, ['MET_px'], ['NJet', 'MET_px', 'triggerIsoMu24'])
  assert.is(all.length, 2421)
  const { kept, rows } = await gathered(await openEvents([path]), ['MET_px'], { keep: ['MET_px'] })
  assert.equal(
    kept.map(({ cells }) => Math.fround(Number(cells[0]))),
    rows,
  )
  const source = await openEvents([path])
  assert.throws(
    () => source.read(['MET_px'], { keep: ['Jet_Px'] }),
    /branch "Jet_Px" holds a list for each event, .+; choose flat branches, as in `keep` a,b$/,
  )
})

test('row numbers run through all files, whatever is left out of the events', async () => {
  write('run1.csv', 'a,id\n1,x\n2,y\n3,z\n')
  write('run2.ndjson', '{"a":4,"id":"u"}\n\n{"a":5,"id":"v"}\n')
  write('run3.csv', 'id,a\nw,6\nq,7\n')
  const files = ['run1.csv', 'run2.ndjson', 'run3.csv'].map((name) => folder.file(name))
  const rows = async (selection: Parameters<typeof select>[1]) => {
    const { kept, rows } = await gathered(select(await openEvents(files), selection), ['a'], { keep: ['id'] })
    for (const [i, { row }] of kept.entries()) assert.is(row, rows[i]! - 1)
    return kept.map(({ row, cells, json }) => `${row}${json ? JSON.parse(cells[0]!) : cells[0]}`).join(' ')
  }
  assert.is(await rows({}), '0x 1y 2z 3u 4v 5w 6q')
  assert.is(await rows({ skip: 2, limit: 3 }), '2z 3u 4v')
  assert.is(await rows({ where: new Where('a % 2 == 1') }), '0x 2z 4v 6q')
  assert.is(await rows({ skip: 1, where: new Where('a != 4'), limit: 5 }), '1y 2z 4v 5w')
  assert.match(await rows({ sample: 3 }), /^\d\w \d\w \d\w$/)
})

test('bad records are events with a fault where files are opened so', async () => {
  const text = 'a,b\n1,2\n3,x\n4\n5,6,7\n"8",9\n1,"0\n2,3\n4,"5"\n6,7"\n8,"9\n'
  const source = await openEvents([write('bad.csv', text)], { tolerant: true })
  const { rows, kept } = await gathered(source, ['b'], { keep: ['a'] })
  assert.equal(
    kept.map(({ row, cells, fault }, i) => [row, cells[0], rows[i], fault?.line, fault?.text]),
    [
      [0, '1', 2, undefined, undefined],
      [1, '3', Number.NaN, 3, '3,x'],
      [2, undefined, Number.NaN, 4, '4'],
      [3, undefined, Number.NaN, 5, '5,6,7'],
      [4, '8', 9, undefined, undefined],
      [5, undefined, Number.NaN, 7, '1,"0'],
      [6, '2', 3, undefined, undefined],
      [7, '4', 5, undefined, undefined],
      [8, undefined, Number.NaN, 10, '6,7"'],
      [9, undefined, Number.NaN, 11, '8,"9'],
    ],
  )
  assert.equal(
    kept.flatMap(({ fault }) => (fault ? [fault.reason] : [])),
    [
      'column "b": "x" is not a number',
      '1 cells, but the header has 2',
      '3 cells, but the header has 2',
      'a quote is out of place; a cell with quotes in it is written as "a ""b"" c"',
      'a quote is out of place; a cell with quotes in it is written as "a ""b"" c"',
      'a quote is not closed',
    ],
  )
})

test('NDJSON that begins badly, and arrays that have no keys', async () => {
  const path = write('bad.ndjson', '\n{nope\n{"a":1,"id":7}\n[2]\n{"a":"x","id":8}\n3\n{"a":null}\n{"id":9}\n')
  const source = await openEvents([path], { tolerant: true })
  assert.equal(source.columns, ['a', 'id'])
  const { rows, kept } = await gathered(source, ['a'], { keep: ['id'] })
  assert.equal(rows, [Number.NaN, 1, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  assert.equal(
    kept.map(({ cells, fault }) => [cells[0], fault?.reason]),
    [
      [undefined, '"{nope" is not JSON; each line holds an event, an object or an array'],
      ['7', undefined],
      [undefined, 'an array of values has no key "id"'],
      ['8', '"a": "x" is not a number'],
      [undefined, '"3" is not an event, expected an object or an array'],
      [undefined, undefined],
      ['9', '"a": missing'],
    ],
  )
})

test('a record of CSV with quotes is found, wherever the text is cut', () => {
  const text = 'a,"b,\n""c""",d\r\n"","x"\n1,2"3\n4,5\n"6\n7",8\n'
  const ends = [16, 23, 29, 33, 41]
  for (let cut = 0; cut <= text.length; cut++) {
    const last = ends.filter((end) => end <= cut).at(-1) ?? 0
    assert.is(lastRecord(text.slice(0, cut), ','), last, JSON.stringify(text.slice(0, cut)))
  }
  assert.equal(quotedRecord(text, 0, ','), { cells: ['a', 'b,\n"c"', 'd'], end: 16, fed: true })
  assert.equal(quotedRecord('"a";"b', 0, ';'), 'open')
  assert.equal(quotedRecord('"a"b', 0, ','), 'misplaced')
  assert.equal(quotedRecord('"a","b"\r', 0, ','), { cells: ['a', 'b'], end: 8, fed: false })
})

test.run()
