/**
 * What the scanner finds in lines is what JSON.parse and the reader of cells find, and it finds nothing in lines that
 * these refuse. `NNDRONE_MANY=1000000 npm run unit -- bindings/lines/scanner` damages so many lines.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quotedRecord, Scanner, toNumber } from '../../../bindings/lines.ts'
import { mutated } from '../../fuzz/mutate.ts'
import { seeded } from '../../support.ts'
import { bytesOf } from './support.ts'

const MANY = Number(process.env.NNDRONE_MANY ?? 20_000)

const test = suite('lines: scanner')

/** What was found in each line that is not blank: its numbers and its texts; undefined where it was left. */
function scanned(scanner: Scanner, text: string | Uint8Array): ({ row: number[]; texts: string[] } | undefined)[] {
  const bytes = typeof text === 'string' ? bytesOf(text) : text
  const found: ({ row: number[]; texts: string[] } | undefined)[] = []
  scanner.load(bytes)
  for (let at = 0; at < bytes.length; ) {
    at = scanner.scan(at)
    const width = scanner.rows.length / scanner.count
    for (let n = 0; n < scanner.count; n++) {
      const places = scanner.places(n)
      const texts = Array.from({ length: places.length / 2 }, (_, i) => {
        return Buffer.from(bytes.subarray(places[2 * i], places[2 * i + 1])).toString()
      })
      found.push({ row: [...scanner.rows.subarray(n * width, (n + 1) * width)], texts })
    }
    if (scanner.count > 0 || at === bytes.length) continue
    found.push(undefined)
    at = bytes.indexOf(10, at) + 1 || bytes.length
  }
  return found
}

const rows = (scanner: Scanner, text: string) => scanned(scanner, text).map((found) => found?.row)

test('keys in any order, with white space, among others of any flat kind', () => {
  const scanner = Scanner.records({ inputs: ['a', 'b'] })
  const lines = [
    '{"a":1,"b":2}',
    '{"b":2,"a":1}',
    ' { "a" : 1 , "b" :\t2 } \r',
    '{"x":"é \\" \\\\ \\u00e9 }{][,","a":1,"y":null,"b":2,"z":true}',
    '{"aa":5,"ab":6,"":7,"a":1,"b":2,"A":8}',
    '{"a":true,"b":false}',
    '{"a":null,"b":-2.5e1}',
    '[1,2]',
    '[ 1 , null ]',
  ]
  const expected = [...Array(5).fill([1, 2]), [1, 0], [Number.NaN, -25], [1, 2], [1, Number.NaN]]
  for (const repeat of [1, 3]) {
    assert.equal(rows(scanner, `${lines.join('\n')}\n`.repeat(repeat)), Array(repeat).fill(expected).flat())
  }
})

test('of a key that stands twice the last one counts', () => {
  const scanner = Scanner.records({ inputs: ['a'], keep: ['a', 'b'] })
  assert.equal(scanned(scanner, '{"a":1,"b":3,"a":2,"b":"x"}\n{"b":1,"a":7,"a":8}\n'), [
    { row: [2], texts: ['2', '"x"'] },
    { row: [8], texts: ['8', '1'] },
  ])
})

test('keys of 1 to 40 letters, of several bytes each, and many of them', () => {
  const names = Array.from({ length: 40 }, (_, n) => 'é'.repeat(n % 3) + 'k'.repeat(n + 1))
  const scanner = Scanner.records({ inputs: names })
  const random = seeded(4)
  const line = (shuffled: boolean) => {
    const order = names.map((name, n) => [shuffled ? random.uniform() : n, name, n] as const).sort(([a], [b]) => a - b)
    return `{${order.map(([, name, n]) => `"${name}":${n},"x${name}":0`).join()}}\n`
  }
  const text = [line(false), line(false), line(true), line(true), line(false)].join('')
  assert.equal(rows(scanner, text), Array(5).fill(names.map((_, n) => n)))
})

test('a key that is absent: missing where it may be, else the line is left', () => {
  const text = '{"a":1}\n{"b":2}\n{}\n'
  assert.equal(rows(Scanner.records({ inputs: ['a', 'b'], optional: 'all' }), text), [
    [1, Number.NaN],
    [Number.NaN, 2],
    [Number.NaN, Number.NaN],
  ])
  assert.equal(rows(Scanner.records({ inputs: ['a', 'b'], optional: new Set(['b']) }), text), [
    [1, Number.NaN],
    undefined,
    undefined,
  ])
  assert.equal(rows(Scanner.records({ inputs: ['a', 'b'] }), text), [undefined, undefined, undefined])
})

test('what is left: nested, escapes in keys, texts for numbers, lists of another length, no JSON, taken keys', () => {
  const scanner = () => Scanner.records({ inputs: ['a'], optional: 'all', taken: ['y'] })
  const left = [
    '{"a":[1]}',
    '{"b":{},"a":1}',
    '{"\\u0061":1}',
    '{"a":"1"}',
    '[1,2]',
    '[]',
    '{"a":1',
    '{"a":1}}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    "{'a':1}",
    '{"a":1}x',
    '"a"',
    '1',
    'null',
    '{"b":"\\x","a":1}',
    '{"b":"\\u00g0","a":1}',
    '{"b":"\t","a":1}',
    '{"a":1,"y":2}',
    '{"a":tru}',
    '{"b":tru}',
    '{"a":1,"b"}',
    '{"a":}',
    '\u00a0',
    '{"b":"open}',
  ]
  for (const line of left) assert.equal(rows(scanner(), `${line}\n{"a":1}\n`), [undefined, [1]], line)
})

test('names that bytes do not tell, and names that stand twice, leave all lines', () => {
  for (const inputs of [['\ufffd'], ['\ud800'], ['a', 'a']]) {
    assert.equal(rows(Scanner.records({ inputs, optional: 'all' }), '{"a":1}\n'), [undefined], inputs[0])
  }
  assert.equal(rows(Scanner.cells({ columns: 1, inputs: [0, 0], delimiter: ',' }), '1\n'), [undefined])
})

test('where whole records and texts stand', () => {
  const text = ' {"a":1,"t":"é"} \n\n[2]\n'
  assert.equal(
    scanned(Scanner.records({ inputs: ['a'], whole: true }), text).map((found) => found?.texts),
    [[' {"a":1,"t":"é"}'], ['[2]']],
  )
  const cells = Scanner.cells({ columns: 4, inputs: [1], keep: [3, 0, 1], delimiter: ';' })
  assert.equal(scanned(cells, 'é;1.50;;last\r\n;2; ;\n'), [
    { row: [1.5], texts: ['last', 'é', '1.50'] },
    { row: [2], texts: ['', '', '2'] },
  ])
})

test('cells: empty lines, carriage returns, and what is left', () => {
  const scanner = Scanner.cells({ columns: 3, inputs: [2, 0], delimiter: ',' })
  assert.equal(rows(scanner, '1,x,2\r\n\n\r\n,,\n 3 ,a b, 4'), [
    [2, 1],
    [Number.NaN, Number.NaN],
    [4, 3],
  ])
  const left = ['1,2', '1,2,3,4', '"1",2,3', '1,a"b,3', '1,2,x', '1,2,3 x', '1,2,3\r4', ' ', '\t', '1,2,inf']
  for (const line of left) assert.equal(rows(scanner, `${line}\n1,,2\n`), [undefined, [2, 1]], JSON.stringify(line))
  const tabs = Scanner.cells({ columns: 2, inputs: [0, 1], delimiter: '\t' })
  assert.equal(rows(tabs, '1\t2\n\t2\n\t\n'), [[1, 2], undefined, undefined], 'what may be blank')
})

test('rows come in several calls where there are many, in one block or more', () => {
  const scanner = Scanner.cells({ columns: 2, inputs: [0, 1], delimiter: ',' })
  for (const count of [40_000, 10, 100_000]) {
    const found = rows(scanner, Array.from({ length: count }, (_, n) => `${n},${n / 4}\n`).join(''))
    assert.is(found.length, count)
    assert.ok(found.every((row, n) => row![0] === n && row![1] === n / 4))
  }
})

const KEYS = ['pt', 'eta', 'a_rather_long_name_of_a_key', 'é']

/** Lines of records, good ones, of any flat kind. */
function someRecord(random: ReturnType<typeof seeded>): string {
  const space = () => ' '.repeat(random.below(8) === 0 ? 1 : 0)
  const values = [
    () => String(random.uniform() * 40 - 10),
    () => (random.uniform() * 40).toFixed(4),
    () => String(random.below(1000)),
    () => ['null', 'true', 'false', '1e5', '-0', '2.5E-3'][random.below(6)]!,
  ]
  const others = () =>
    ['"text"', '"a \\"b\\" \\u00e9"', '123456789012345678901', '"é"', '[1,{"pt":2}]', '{}', 'null'][random.below(7)]!
  const members = [...KEYS, 'run', 'tag']
    .filter(() => random.below(9) > 0)
    .map((key) => {
      const value = KEYS.includes(key) && random.below(20) > 0 ? values[random.below(4)]!() : others()
      return `${space()}"${key}"${space()}:${space()}${value}${space()}`
    })
  return `${space()}{${members.join()}}`
}

/** The row of a record by JSON.parse; undefined where the line holds none. */
function parsedRow(line: Uint8Array): number[] | undefined {
  try {
    const record = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(line))
    if (typeof record !== 'object' || record === null) return undefined
    if (Array.isArray(record) && record.length !== KEYS.length) return undefined
    const values = KEYS.map((key, i) =>
      Array.isArray(record) ? record[i] : Object.hasOwn(record, key) ? record[key] : null,
    )
    if (!values.every((value) => value === null || typeof value === 'number' || typeof value === 'boolean'))
      return undefined
    return values.map((value) => (value === null ? Number.NaN : Number(value)))
  } catch {
    return undefined
  }
}

test('damaged records: never another answer than that of JSON.parse', () => {
  const random = seeded(7)
  const scanner = Scanner.records({ inputs: KEYS, optional: 'all' })
  let [good, found] = [0, 0]
  for (let n = 0; n < MANY; n++) {
    const line = bytesOf(someRecord(random))
    const bytes = n % 3 === 0 ? line : mutated(Buffer.from(line), random).map((byte) => (byte === 10 ? 32 : byte))
    const expected = parsedRow(bytes)
    const row = scanned(scanner, bytes)[0]?.row
    if (expected) good++
    if (row) found++
    if (row) assert.equal(row.map(bitsOf), expected?.map(bitsOf), Buffer.from(bytes).toString())
  }
  assert.ok(found > 0.5 * good, `${found} found of ${good}`)
})

test('damaged rows: never another answer than that of the reader of cells', () => {
  const random = seeded(8)
  const scanner = Scanner.cells({ columns: 4, inputs: [3, 1], keep: [0, 1], delimiter: ',' })
  let [good, found] = [0, 0]
  for (let n = 0; n < MANY; n++) {
    const cells = Array.from({ length: 4 }, () => {
      const kinds = [
        String(random.uniform() * 100),
        (-random.uniform()).toFixed(5),
        String(random.below(99)),
        '',
        'nan',
        ' 7 ',
        'é x',
        '"q"',
      ]
      return kinds[random.below(random.below(3) === 0 ? 8 : 4)]!
    })
    const line = bytesOf(cells.join())
    const bytes = n % 3 === 0 ? line : mutated(Buffer.from(line), random).map((byte) => (byte === 10 ? 44 : byte))
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const record = quotedRecord(text, 0, ',')
    const read = typeof record === 'string' || record.cells.length !== 4 ? undefined : record.cells
    const values = read && [toNumber(read[3]!), toNumber(read[1]!)]
    const expected = values?.every((value) => value !== undefined) && text.trim() !== '' ? values : undefined
    const one = scanned(scanner, bytes)[0]
    if (expected) good++
    if (one) found++
    if (one)
      assert.equal(
        [one.row.map(bitsOf), one.texts],
        [expected?.map((value) => bitsOf(value!)), read?.slice(0, 2).map((cell) => Buffer.from(cell).toString())].map(
          (x) => x,
        ),
        text,
      )
  }
  assert.ok(found > 0.5 * good, `${found} found of ${good}`)
})

/** −0 and NaN told from others. */
function bitsOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

test.run()
