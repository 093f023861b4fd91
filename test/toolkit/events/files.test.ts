/** Several files and patterns: the same columns in any order, of any formats. */
import { mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { load, openEvents } from '../../../toolkit/events/index.ts'
import { ended, someDrone } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: several files')
const folder = new Events()

test.after(() => folder.remove())

folder.write('b10.csv', 'b,a\n6,5\n')
folder.write('b2.csv', 'a,b\n7,8\n')
folder.write('a.csv.gz', gzipSync('a,b\n1,2\n3,4\n'))
folder.write('c.ndjson', '{"b":10,"a":9}\n')
const columnData = [
  { name: 'b', data: [12], type: 'DOUBLE' as const },
  { name: 'a', data: [11], type: 'DOUBLE' as const },
]
folder.write('d.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))

async function read(...patterns: string[]) {
  const source = await openEvents(patterns.map((pattern) => folder.file(pattern)))
  return [...(await load(source, ['a', 'b'], [])).events]
}

async function refuses(message: RegExp, ...patterns: string[]) {
  await read(...patterns).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message.replaceAll(`${folder.path}/`, ''), message),
  )
}

test('names and patterns, one after the other; the files of a pattern by their names', async () => {
  assert.equal(await read('a.csv.gz', 'b*.csv'), [1, 2, 3, 4, 5, 6, 7, 8])
  assert.equal(await read('b*.csv', 'a.*'), [5, 6, 7, 8, 1, 2, 3, 4])
  assert.equal(await read('{c,d}.*', 'b2.csv'), [9, 10, 11, 12, 7, 8])
  assert.equal(await read('b2.csv', 'b*.csv'), [7, 8, 5, 6], 'a file that both stand for is read once')
})

test('a file whose name looks like a pattern', async () => {
  folder.write('x[1].csv', 'a,b\n20,21\n')
  assert.equal(await read('x[1].csv'), [20, 21])
})

test('sizes and progress are those of all files', async () => {
  const source = await openEvents(['a.csv.gz', 'b2.csv', 'b10.csv'].map((name) => folder.file(name)))
  const seen: number[] = []
  await load(source, ['a', 'b'], [], { onPiece: () => seen.push(source.bytesRead()) })
  assert.is(seen.at(-1), source.size)
  assert.equal(
    seen,
    [...seen].sort((a, b) => a - b),
  )
  assert.match(source.name, /a\.csv\.gz and 2 more$/)
})

test('what is wrong names the file', async () => {
  folder.write('lacks.csv', 'a,c\n1,2\n')
  folder.write('more.csv', 'a,b,c\n1,2,3\n')
  folder.write('wrong.csv', 'a,b\n1,x\n')
  await refuses(/^lacks\.csv: no column "b", which b2\.csv has$/, 'b2.csv', 'lacks.csv')
  await refuses(/^b2\.csv: no column "c", which more\.csv has$/, 'b2.csv', 'more.csv')
  await refuses(/^wrong\.csv:2: column "b": "x" is not a number$/, 'b2.csv', 'wrong.csv')
  await refuses(/^none\.csv: no such file$/, 'b2.csv', 'none.csv')
  await refuses(/^none\*\.csv: no file matches$/, 'none*.csv')
})

test('very many files need no more memory or handles than one', async () => {
  mkdirSync(folder.file('many'))
  for (let n = 0; n < 1500; n++) folder.write(`many/${String(n).padStart(4, '0')}.csv`, `a,b\n${n},0\n`)
  const events = await read('many/*.csv')
  assert.equal(
    events.filter((_, i) => i % 2 === 0),
    Array.from({ length: 1500 }, (_, n) => n),
  )
})

test('the command: a shell may have expanded the pattern, and standard input may be among them', async () => {
  const drone = someDrone(folder)
  folder.write('e1.csv', 'a,b,c\n1,2,3\n')
  folder.write('e2.csv', 'c,b,a\n6,5,4\n')
  const expected = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ].map((event) => drone.predict(event))
  const near = (out: string, count: number) => {
    const scores = out.trim().split('\n').slice(1).map(Number)
    assert.is(scores.length, count)
    for (const [i, score] of scores.entries()) assert.ok(Math.abs(score - expected[i]!) < 1e-6)
  }
  near(folder.run('predict', 'drone.json', '--events', 'e1.csv', 'e2.csv').out, 2)
  near(folder.run('predict', 'drone.json', '--events', 'e*.csv').out, 2)
  near(folder.run('predict', 'drone.json', '--events', 'e1.csv', '--events', 'e2.csv').out, 2)
  const child = folder.start('predict', 'drone.json', '--events', 'e?.csv', '-')
  child.stdin.end('a,b,c\n7,8,9\n')
  let out = ''
  for await (const data of child.stdout) out += data
  assert.is(await ended(child), 0)
  near(out, 3)
})

test.run()
