/** Text that is long, deep or blank: it is refused in one line, and each character is looked at a few times at most. */
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toNumber } from '../../../bindings/lines.ts'
import { Events } from './support.ts'

const test = suite('events: hostile text')
const folder = new Events()

test.after(() => folder.remove())

const LONG = 2_000_000

test('cells of many digits or blanks', async () => {
  folder.write('digits.csv', `a,b\n${'1'.repeat(LONG)}x,2\n`)
  await folder.refuses('digits.csv', `digits.csv:2: column "a": "${'1'.repeat(40)}…" is not a number`)
  folder.write('blanks.csv', `a,b\n${' '.repeat(LONG)}x,2\n`)
  await folder.refuses('blanks.csv', `blanks.csv:2: column "a": "${' '.repeat(40)}…" is not a number`)
})

test('what a number is has not changed', () => {
  const numbers = { '1': 1, ' 1. ': 1, '.5': 0.5, '-2.5e3\t': -2500, '+1E-2': 0.01, '00': 0 }
  for (const [cell, value] of Object.entries(numbers)) assert.is(toNumber(cell), value, cell)
  for (const cell of ['', '  ', 'NaN', ' na', 'N/A', 'null']) assert.ok(Number.isNaN(toNumber(cell)), cell)
  for (const cell of ['.', 'e5', '1e', '1 2', '0x10', '1_0', '--1', 'nul', '1..2'])
    assert.is(toNumber(cell), undefined, cell)
})

test('many columns: a message lists ten', async () => {
  const names = Array.from({ length: 60_001 }, (_, i) => `c${i}`)
  folder.write('wide.csv', `${names.join()}\n${names.map(() => 1).join()}\n`)
  await folder.refuses(
    'wide.csv',
    'wide.csv: no column "a"; there are c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 59,991 more',
  )
  folder.write('twice.csv', `${names.join()},c7\n`)
  await folder.refuses('twice.csv', 'twice.csv: two columns are named "c7"', ['c7'])
})

test('nothing but blanks, packed', async () => {
  folder.write('blank.csv.gz', gzipSync(Buffer.alloc(4 * LONG, ' ')))
  await folder.refuses('blank.csv.gz', 'blank.csv.gz: empty, expected a header with the names of the columns')
  folder.write('late.csv.gz', gzipSync(`${'\n'.repeat(LONG)}a,b\n1,2\n`))
  assert.equal((await folder.read('late.csv.gz')).events, [1, 2])
})

test('deep nesting', async () => {
  const depth = 100_000
  folder.write('deep.ndjson', `{"a":${'['.repeat(depth)}${']'.repeat(depth)},"b":1}\n`)
  await folder.refuses('deep.ndjson', 'deep.ndjson:1: "a": an array is not a number')
})

test.run()
