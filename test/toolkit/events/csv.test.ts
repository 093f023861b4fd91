/** Events from CSV and NDJSON: what is read, from well-formed and from foreign files, and what is said of wrong ones. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openEvents } from '../../../toolkit/events/index.ts'
import { Events } from './support.ts'

const folder = new Events()

const read = (content: string | Uint8Array, features?: string[], beside?: string[]) =>
  folder.read(folder.write('events.csv', content), features, beside)

const refused = (content: string | Uint8Array, message: string, features?: string[], beside?: string[]) =>
  folder.refuses(folder.write('events.csv', content), message, features, beside)

const test = suite('events: CSV and NDJSON')

test.after(() => folder.remove())

test('columns by name, in the order that is asked for', async () => {
  const text = 'b,label,a\n1,0,2\n3,1,4\n'
  assert.equal(await read(text, ['a', 'b'], ['label']), { count: 2, events: [2, 1, 4, 3], beside: [[0, 1]] })
  assert.equal((await read(text, ['a'])).events, [2, 4])
})

test('foreign habits: byte order mark, carriage returns, quotes, blank lines, semicolons, tabs, no last line feed', async () => {
  const expected = [1, 2, 3, 4]
  for (const text of [
    '\ufeffa,b\r\n1,2\r\n3,4\r\n',
    '"a","b"\n"1","2"\n3,4',
    'a;b\n1;2\n3;4\n\n\n',
    'a\tb\n1\t2\n3\t4\n',
    '\n\n a , b \n 1 , 2 \n3,4\n',
    'a,b,"quoted, ""name"""\n1,2,0\n3,4,"0"\n',
    ',a,b\n0,1,2\n1,3,4\n',
    'a,b\n1e0,+2\n3.,.4e1\n',
    Buffer.from('\ufeffa,b\n1,2\n3,4\n', 'utf16le'),
  ]) {
    assert.equal((await read(text)).events, expected, JSON.stringify(text))
  }
})

test('missing values are NaN', async () => {
  const { events } = await read('a,b\n,nan\nNA,-NaN\nNone,null\n1,N/A\n')
  assert.equal(events.map(Number.isNaN), [true, true, true, true, true, true, false, true])
})

test('a record may lie across the pieces that a file is read in', async () => {
  const count = 60000
  const rows = Array.from({ length: count }, (_, n) => `${n},${n / 8}`)
  const { events } = await read(`a,b\n${rows.join('\n')}\n`)
  assert.is(events.length, 2 * count)
  assert.ok(events.every((value, i) => value === (i % 2 ? (i - 1) / 16 : i / 2)))
})

test('two columns of one name matter to nobody who asks for neither', async () => {
  assert.equal((await read('a,x,b,x\n1,2,3,4\n')).events, [1, 3])
  const kept = await openEvents(folder.file(folder.write('events.csv', 'a,x,b,x\n1,2,3,4\n')))
  assert.throws(
    () => kept.read(['a'], { keep: ['x'] }),
    (error: Error) => error.message.endsWith('events.csv: two columns are named "x"'),
  )
})

const decimals = async (content: string) => {
  const source = await openEvents(folder.file(folder.write('decimal.csv', content)), { decimal: ',' })
  const rows: number[] = []
  for await (const piece of source.read(['a', 'b'])) rows.push(...piece.rows)
  return rows
}

test('decimals behind a comma', async () => {
  assert.equal(await decimals('a;b\n1,5;2\n-,5;1,25e3\n"3,5"; nan \n'), [1.5, 2, -0.5, 1250, 3.5, Number.NaN])
  assert.equal(await decimals('b\ta\n1,5\t2\n'), [2, 1.5])
  const cases = {
    'a;b\n1.5;2\n': 'decimal.csv:2: column "a": "1.5" is not a number',
    'a;b\n1,000,5;2\n': 'decimal.csv:2: column "a": "1,000,5" is not a number',
    'a,b\n1,2\n':
      'decimal.csv:1: the columns are separated by commas, which `decimal` says stand before decimals; leave out `decimal`',
  }
  for (const [content, message] of Object.entries(cases)) {
    await decimals(content).then(
      () => assert.unreachable(message),
      (error) => assert.is(error.message.slice(error.message.indexOf('decimal.csv')), message),
    )
  }
  folder.write('events.ndjson', '{"a":1,"b":2}\n')
  const file = folder.file('events.ndjson')
  await openEvents(file, { decimal: ',' }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, `decimal: ${file} is no CSV, and only there decimals may stand behind a comma`),
  )
})

test('what is wrong is named with file, line and column', async () => {
  await refused('a,b\n1,2\n3,x\n', 'events.csv:3: column "b": "x" is not a number')
  await refused('a,b\n1,2\n\n"3","4,5"\n', 'events.csv:4: column "b": "4,5" is not a number')
  await refused('a,b\n1,0x10\n', 'events.csv:2: column "b": "0x10" is not a number')
  await refused('a,b\n1,2\n1\n', 'events.csv:3: 1 cells, but the header has 2')
  await refused('a,b\n1,2,3\n', 'events.csv:2: 3 cells, but the header has 2')
  await refused('a,c\n1,2\n', 'events.csv: no column "b"; there are a, c')
  await refused('a,a,b\n1,2,3\n', 'events.csv: two columns are named "a"')
  await refused('1,2\n3,4\n', 'events.csv:1: only numbers, expected a header with the names of the columns')
  await refused('a,b\r1,2\r', 'events.csv:1: lines end with a carriage return alone, expected a line feed')
  await refused('a,b\n', 'events.csv: no events')
  await refused('', 'events.csv: empty')
  await refused('\n\n', 'events.csv: empty, expected a header with the names of the columns')
  await refused('a,b,label\n1,2,\n', 'events.csv: column "label" of event 0 (from 0) is missing', ['a', 'b'], ['label'])
  await refused(
    'a,b\n1,2\n\0',
    'events.csv: not events of a known format, but bytes that begin with 61 2c 62 0a 31 2c 32 0a; nndrone --version names the formats',
  )
  await refused('a,b\n0,0\n1,"2\n3,4\n', 'events.csv:3: a quote is not closed')
  const misplaced = 'events.csv:2: a quote is out of place; a cell with quotes in it is written as "a ""b"" c"'
  for (const line of ['1,2"', '1,"2"3', '1, "2"', '"1"x,2']) await refused(`a,b\n${line}\n3,4\n`, misplaced)
})

test('NDJSON: objects by name, arrays by order', async () => {
  assert.equal((await read('{"b":2,"a":1,"z":"any"}\n{"a":3,"b":4}\n')).events, [1, 2, 3, 4])
  const source = await openEvents([folder.file(folder.write('events.ndjson', '[1,2]\n\n[3,null]\n'))])
  const rows: number[] = []
  for await (const piece of source.read(['a', 'b'])) rows.push(...piece.rows)
  assert.equal(rows, [1, 2, 3, Number.NaN])
  await refused('{"a":1,"b":2}\n{"a":1}\n', 'events.csv:2: "b": missing')
  await refused('{"a":1,"b":"2"}\n', 'events.csv:1: "b": "2" is not a number')
  await refused('{"a":1,"b":2}\n7\n', 'events.csv:2: "7" is not an event, expected an object or an array')
  await refused(
    '{"a":1,"b":2}\n{"a":\n',
    'events.csv:2: "{\\"a\\":" is not JSON; each line holds an event, an object or an array',
  )
})

test('files that cannot be read', async () => {
  const fails = async (path: string, message: string) => {
    try {
      await openEvents([path])
      assert.unreachable()
    } catch (error) {
      assert.is((error as Error).message, message)
    }
  }
  await fails('/nowhere/events.csv', '/nowhere/events.csv: no such file')
  await fails(folder.path, `${folder.path}: is a directory, expected a file`)
})

test.run()
