/** predict --keep: scores that can be joined to their events, in every format. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Drone, shortest } from '../../bindings/index.ts'
import { openEvents } from '../../toolkit/events/index.ts'
import { withData } from '../support.ts'
import { ended, Folder, someDrone } from './support.ts'

const test = suite('predict --keep')

let folder: Folder
let drone: Drone
test.before.each(() => {
  folder = new Folder()
  drone = someDrone(folder)
  folder.write('events.csv', CSV)
  folder.write('events.ndjson', NDJSON)
})
test.after.each(() => folder.remove())

const CSV = 'run,a,b,c,note\n1234567890123456789,1.50,2,3,"x, ""y"""\n007,-0.5,,1,\n3,,1,1,é\n'
const NDJSON =
  '{"run":1234567890123456789,"a":1.50,"b":2,"c":3,"note":{"x":[1, "}"]}}\n{ "a":-0.5 , "c":1, "run":"7" }\r\n{"note":null}\n'

const score = (event: (number | null)[]) => shortest(drone.predict(event))
const scores = () => [score([1.5, 2, 3]), score([-0.5, null, 1])]

function predicted(...args: string[]): string {
  const { status, out, err } = folder.run('predict', 'drone.json', '--events', ...args)
  assert.is(status, 0, err)
  return out
}

function refused(message: string, ...args: string[]): void {
  const { status, out, err } = folder.run('predict', 'drone.json', '--events', ...args)
  assert.is(err, `nndrone: ${message}\n`)
  assert.is(out, '')
  assert.is(status, 2)
}

test('CSV to CSV: the cells before the scores', () => {
  const [one, two] = scores()
  assert.is(
    predicted('events.csv', '--keep', 'note,run'),
    `note,run,y0\n"x, ""y""",1234567890123456789,${one}\n,007,${two}\né,3,nan\n`,
  )
  assert.is(
    predicted('events.csv', '--keep', 'all'),
    `run,a,b,c,note,y0\n1234567890123456789,1.50,2,3,"x, ""y""",${one}\n007,-0.5,,1,,${two}\n3,,1,1,é,nan\n`,
  )
})

test('CSV to NDJSON: a number stays one, what is none is a text', () => {
  const [one, two] = scores()
  predicted('events.csv', '--keep', 'run,a,note', '--out', 'scores.ndjson')
  assert.is(
    readFileSync(folder.file('scores.ndjson'), 'utf8'),
    `{"run":1234567890123456789,"a":1.50,"note":"x, \\"y\\"","y0":${one}}\n` +
      `{"run":"007","a":-0.5,"note":null,"y0":${two}}\n{"run":3,"a":null,"note":"é","y0":null}\n`,
  )
})

test('NDJSON to NDJSON: keys, or the whole line', () => {
  const [one, two] = scores()
  assert.is(
    predicted('events.ndjson', '--keep', 'note,run'),
    `{"note":{"x":[1, "}"]},"run":1234567890123456789,"y0":${one}}\n{"run":"7","y0":${two}}\n{"note":null,"y0":null}\n`,
  )
  assert.is(
    predicted('events.ndjson', '--keep', 'all'),
    `{"run":1234567890123456789,"a":1.50,"b":2,"c":3,"note":{"x":[1, "}"]},"y0":${one}}\n` +
      `{ "a":-0.5 , "c":1, "run":"7","y0":${two}}\n{"note":null,"y0":null}\n`,
  )
  folder.write('rows.ndjson', '[1.50,2,3]\n{"c":3,"b":2,"a":1.50}\n')
  assert.is(
    predicted('rows.ndjson', '--keep', 'all,row'),
    `[1.50,2,3,0,${one}]\n{"c":3,"b":2,"a":1.50,"row":1,"y0":${one}}\n`,
  )
})

test('NDJSON to CSV: texts without their quotes, what is nested as JSON', () => {
  const [one, two] = scores()
  predicted('events.ndjson', '--keep', 'run,note', '--out', 'scores.csv')
  assert.is(
    readFileSync(folder.file('scores.csv'), 'utf8'),
    `run,note,y0\n1234567890123456789,"{""x"":[1, ""}""]}",${one}\n7,,${two}\n,,nan\n`,
  )
})

test('the number of the row, with what is left out and in several files', () => {
  const [one, two] = scores()
  assert.is(predicted('events.csv', '--keep', 'row', '--where', 'c == 1', '--limit', '2'), `row,y0\n1,${two}\n`)
  assert.is(
    predicted('events.csv', 'events.ndjson', '--keep', 'row,run', '--where', 'a > 0'),
    `row,run,y0\n0,1234567890123456789,${one}\n3,1234567890123456789,${one}\n`,
  )
  const sampled = predicted('events.csv', 'events.csv', '--keep', 'row', '--sample', '4').trim().split('\n').slice(1)
  const rows = sampled.map((line) => Number(line.split(',')[0]))
  assert.is(new Set(rows).size, 4)
  assert.equal(
    rows,
    rows.toSorted((a, b) => a - b),
  )
})

test('--json: the columns beside the scores', () => {
  const [one, two] = scores()
  assert.is(
    predicted('events.csv', '--keep', 'run,row,note', '--json'),
    `{"events":3,"kept":{"run":[1234567890123456789,"007",3],"row":[0,1,2],"note":["x, \\"y\\"",null,"é"]},` +
      `"scores":{"y0":[${one},${two},null]}}\n`,
  )
})

withData(test, '--scale-from: each score with its own event', 'bdecay/teacher.h5', async (teacher) => {
  const events = Array.from({ length: 5000 }, (_, n) => `${n % 7},${n / 3},${n % 5},${n % 3},${-n},${n % 2},${n}`)
  folder.write('six.csv', `a,b,c,d,e,f,id\n${events.join('\n')}\n`)
  const args = ['predict', teacher, '--events', 'six.csv', '--scale-from', 'f=1']
  const all = folder
    .run(...args, '--keep', 'row,id')
    .out.trimEnd()
    .split('\n')
  assert.is(all.length, 5001)
  const plain = folder
    .run(...args)
    .out.trimEnd()
    .split('\n')
  for (const [n, line] of all.entries())
    assert.is(line, n === 0 ? `row,id,${plain[0]}` : `${n - 1},${n - 1},${plain[n]}`)
})

withData(test, 'numbers for names are no header where nobody names columns', 'bdecay/teacher.h5', async (teacher) => {
  const said = (header: string, ...args: string[]) => {
    folder.write('six.csv', `${header}\n1,2,3,4,5,6,sig\n2,3,4,5,6,7,sig\n`)
    return folder.run('predict', teacher, '--events', 'six.csv', '--scale-from', 'all', ...args)
  }
  const { status, err } = said('0.5,2,3.25,4,5,6,sig')
  assert.is(status, 1)
  assert.is(
    err,
    'nndrone: six.csv: the first line looks like an event, not a header (it has "0.5"); add a header, or choose columns by --features\n',
  )
  assert.is(said('0.5,2,3.25,4,5,6,sig', '--features', '0.5,2,3.25,4,5,6').status, 0, 'names that are asked for')
  assert.is(said('0,1,2,3,4,5,sig').status, 0, 'columns that are counted')
  assert.is(said('pt,eta,phi,m,x,y,0.5').status, 1)
})

test('NPY: records with a field for each column', async () => {
  predicted('events.csv', '--keep', 'run,a,note,c,row', '--out', 'scores.npy')
  const text = readFileSync(folder.file('scores.npy')).toString('latin1')
  const fields = "('run', '<U19'), ('a', '<f8'), ('note', '<U6'), ('c', '<i8'), ('row', '<i8'), ('y0', '<f4')"
  assert.is(text.slice(10, 192), `${`{'descr': [${fields}], 'fortran_order': False, 'shape': (3,), }`.padEnd(181)}\n`)
  const rows: number[] = []
  const cells: unknown[] = []
  const source = await openEvents([folder.file('scores.npy')])
  for await (const piece of source.read(['a', 'c', 'row', 'y0'], { keep: ['run', 'note'] })) {
    rows.push(...piece.rows)
    cells.push(...piece.kept!.map(({ cells }) => cells))
  }
  const [one, two] = [drone.predict([1.5, 2, 3]), drone.predict([-0.5, null, 1])]
  assert.equal(rows, [1.5, 3, 0, one, -0.5, 1, 1, two, Number.NaN, 1, 2, Number.NaN])
  assert.equal(cells, [
    ['1234567890123456789', 'x, "y"'],
    ['007', ''],
    ['3', 'é'],
  ])
})

test('NPY: a name that is not Latin, and more events than a block', async () => {
  const count = 40_000
  const lines = Array.from({ length: count }, (_, n) => `${2n ** 62n + BigInt(n)},${n / 8},1,2`)
  folder.write('many.csv', `π'\\,a,b,c\n${lines.join('\n')}\n`)
  predicted('many.csv', '--keep', "π'\\", '--out', 'scores.npy')
  const source = await openEvents([folder.file('scores.npy')])
  assert.equal(source.columns, ["π'\\", 'y0'])
  assert.is(source.cellTypes!.get("π'\\"), 'integer')
  let n = 0
  for await (const { rows, kept } of source.read(['y0'], { keep: ["π'\\"] })) {
    for (const [i, { cells }] of kept!.entries()) {
      assert.is(cells[0], String(2n ** 62n + BigInt(n)))
      assert.is(rows[i], drone.predict([n++ / 8, 1, 2]))
    }
  }
  assert.is(n, count)
})

async function parquetOf(name: string): Promise<{ schema: FileMetaData['schema']; rows: Record<string, unknown>[] }> {
  const { buffer } = new Uint8Array(readFileSync(folder.file(name)))
  return { schema: parquetMetadata(buffer).schema.slice(1), rows: await parquetReadObjects({ file: buffer }) }
}

test('Parquet: whole numbers, numbers and texts', async () => {
  predicted('events.csv', '--keep', 'run,a,note,c', '--out', 'scores.parquet')
  const { schema, rows } = await parquetOf('scores.parquet')
  assert.equal(
    schema.map(({ name, type, converted_type: converted, repetition_type: repetition }) =>
      [name, type, converted, repetition].filter(Boolean).join(' '),
    ),
    [
      'run BYTE_ARRAY UTF8 REQUIRED',
      'a DOUBLE OPTIONAL',
      'note BYTE_ARRAY UTF8 OPTIONAL',
      'c INT64 REQUIRED',
      'y0 FLOAT REQUIRED',
    ],
  )
  const [one, two] = [drone.predict([1.5, 2, 3]), drone.predict([-0.5, null, 1])]
  assert.equal(rows, [
    { run: '1234567890123456789', a: 1.5, note: 'x, "y"', c: 3n, y0: one },
    { run: '007', a: -0.5, note: null, c: 1n, y0: two },
    { run: '3', a: null, note: 'é', c: 1n, y0: Number.NaN },
  ])
})

test('from Parquet and NPY: types stay as the file tells them', async () => {
  folder.write('typed.csv', 'id,a,b,c\n9007199254740993,1,2,3\n5,2,2,3\n')
  predicted('typed.csv', '--keep', 'id,a,b,c', '--out', 'one.parquet')
  predicted('one.parquet', '--features', 'a,b,c', '--keep', 'id', '--out', 'two.csv')
  assert.match(readFileSync(folder.file('two.csv'), 'utf8'), /^id,y0\n9007199254740993,.+\n5,/)
  predicted('typed.csv', '--keep', 'id,a,b,c', '--out', 'one.npy')
  // The scores of the first run, which are float32, are kept by another model.
  folder.write('other.json', readFileSync(folder.file('drone.json'), 'utf8').replace('"y0"', '"z"'))
  for (const format of ['npy', 'parquet']) {
    const { status, err } = folder.run(
      ...['predict', 'other.json', '--events', `one.${format}`, '--keep', 'y0,id', '--out', `two.${format}`],
    )
    assert.is(status, 0, err)
    const types = (await openEvents([folder.file(`two.${format}`)])).cellTypes!
    assert.equal(
      [...types],
      [
        ['y0', 'float32'],
        ['id', 'integer'],
        ['z', 'float32'],
      ],
      format,
    )
  }
})

test('what cannot be kept is refused, and what to do is said', () => {
  folder.write('y0.csv', 'a,b,c,y0\n1,2,3,4\n')
  folder.write('y0.ndjson', '{"a":1,"b":2,"c":3}\n{"a":1,"b":2,"c":3,"y0":4}\n')
  folder.write('row.csv', 'row,a,b,c\n1,2,3,4\n')
  folder.write('rows.ndjson', '[1,2,3]\n')
  refused('--keep: "y0" is also the name of a score; rename that column, or leave it out', 'y0.csv', '--keep', 'y0,a')
  refused(
    '--keep: "y0" is also the name of a score; rename that column, or name the others, as in --keep a,b,c',
    ...['y0.csv', '--keep', 'all'],
  )
  refused(
    '--keep row: would be the number of the row, but row.csv has a column "row"; rename that first',
    ...['row.csv', '--keep', 'row'],
  )
  refused(
    "error: option '--keep <names>' argument 'a,a' is invalid. \"a\" is named twice.\n(--help says more)".replace(
      'error: ',
      '',
    ),
    ...['row.csv', '--keep', 'a,a'],
  )
  const { status, out, err } = folder.run('predict', 'drone.json', '--events', 'y0.ndjson', '--keep', 'all')
  assert.is(status, 1)
  assert.is(out, `{"a":1,"b":2,"c":3,"y0":${score([1, 2, 3])}}\n`)
  assert.is(err, 'nndrone: y0.ndjson:2: "y0" is also the name of a score; rename it, or name the keys to keep\n')
  const said = (...args: string[]) => folder.run('predict', 'drone.json', '--events', ...args).err
  assert.is(
    said('events.csv', '--keep', 'runs'),
    'nndrone: events.csv: no column "runs" (did you mean "run"?); there are run, a, b, c, note\n',
  )
  assert.is(
    said('rows.ndjson', '--keep', 'all', '--out', 'x.csv'),
    'nndrone: rows.ndjson: the events carry no names, so --keep all can go to NDJSON only\n',
  )
  assert.is(said('rows.ndjson', '--keep', 'id'), 'nndrone: rows.ndjson:1: an array of values has no key "id"\n')
})

test('a key that is absent is a value that is missing; one that no event has is told', () => {
  folder.write('lacking.ndjson', '{"a":1,"b":2}\n{"a":1}\n')
  const { status, out, err } = folder.run('predict', 'drone.json', '--events', 'lacking.ndjson')
  assert.is(status, 0)
  assert.is(out, '{"y0":null}\n{"y0":null}\n')
  assert.match(err, /^no event has a value of "c"\n2 events, /)
})

test('a live stream is answered line by line, with what is kept', async () => {
  const child = folder.start('predict', 'drone.json', '--events', '-', '--keep', 'all,row')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string | undefined
  const [one, two] = scores()
  child.stdin.write('{"id":"p","a":1.50,"b":2,"c":3}\n')
  assert.is(await next(), `{"id":"p","a":1.50,"b":2,"c":3,"row":0,"y0":${one}}`)
  child.stdin.write('{"a":-0.5,"c":1,"id"')
  child.stdin.write(':[7]}\n')
  assert.is(await next(), `{"a":-0.5,"c":1,"id":[7],"row":1,"y0":${two}}`)
  child.stdin.end()
  assert.is(await ended(child), 0)

  const csv = folder.start('predict', 'drone.json', '--events', '-', '--keep', 'id')
  const answers = createInterface({ input: csv.stdout })[Symbol.asyncIterator]()
  csv.stdin.write('id,a,b,c\n')
  assert.is((await answers.next()).value, 'id,y0')
  csv.stdin.write('"x, y",1.50,2,3\n')
  assert.is((await answers.next()).value, `"x, y",${one}`)
  csv.stdin.end()
  assert.is(await ended(csv), 0)
})

test.run()
