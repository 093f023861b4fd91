/** predict --on-error: a bad record ends the command, is left out, or is scored null; --rejects has each of them. */
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Drone, shortest } from '../../bindings/index.ts'
import { openEvents } from '../../toolkit/events/index.ts'
import { seeded } from '../support.ts'
import { ended, Folder, someDrone } from './support.ts'

const test = suite('predict --on-error')

let folder: Folder
let drone: Drone
test.before.each(() => {
  folder = new Folder()
  drone = someDrone(folder)
  folder.write('events.csv', CSV)
  folder.write('events.ndjson', NDJSON)
})
test.after.each(() => folder.remove())

const CSV = 'id,a,b,c\np,1,2,3\nq,1,x,3\nr,1\n\ns,"4,5,6\nt,1,2,3\n'
const NDJSON = '{"id":"p","a":1,"b":2,"c":3}\n{"id":"q","a":1,"b":"x"}\n{"id":\n[1,2]\n{"id":"t","a":1,"b":2,"c":3}\n'

const score = () => shortest(drone.predict([1, 2, 3]))

const predict = (...args: string[]) => folder.run('predict', 'drone.json', '--events', ...args)

function rejects(name = 'rejects.ndjson'): Record<string, unknown>[] {
  const text = readFileSync(folder.file(name), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

const CSV_REJECTS = [
  { file: 'events.csv', line: 3, row: 1, reason: 'column "b": "x" is not a number', text: 'q,1,x,3' },
  { file: 'events.csv', line: 4, row: 2, reason: '2 cells, but the header has 4', text: 'r,1' },
  { file: 'events.csv', line: 6, row: 3, reason: 'a quote is not closed', text: 's,"4,5,6' },
]

test('fail, as without it: the first bad record ends the command', () => {
  for (const args of [[], ['--on-error', 'fail']]) {
    const { status, out, err } = predict('events.csv', '--keep', 'id', ...args)
    assert.is(status, 1)
    assert.is(out, `id,y0\np,${score()}\n`)
    assert.is(err, 'nndrone: events.csv:3: column "b": "x" is not a number\n')
  }
})

test('skip: the others are scored, and the bad ones counted and written', () => {
  const { status, out, err } = predict(
    'events.csv',
    '--keep',
    'id,row',
    '--on-error',
    'skip',
    '--rejects',
    'rejects.ndjson',
  )
  assert.is(status, 0, err)
  assert.is(out, `id,row,y0\np,0,${score()}\nt,4,${score()}\n`)
  assert.match(err, /^2 events, .+\n3 bad records left out; see rejects\.ndjson\n$/)
  assert.equal(rejects(), CSV_REJECTS)
})

test('null: each keeps its place, and what is known of it', () => {
  const { status, out, err } = predict('events.csv', '--keep', 'id,row', '--on-error', 'null')
  assert.is(status, 0, err)
  assert.is(out, `id,row,y0\np,0,${score()}\nq,1,nan\n,2,nan\n,3,nan\nt,4,${score()}\n`)
  assert.match(err, /\n3 bad records scored null; the first: events\.csv:3: column "b": "x" is not a number\n$/)
})

test('NDJSON: whole lines as they came', () => {
  const skipped = predict('events.ndjson', '--keep', 'all', '--on-error', 'skip', '--rejects', 'rejects.ndjson')
  assert.is(skipped.out, `{"id":"p","a":1,"b":2,"c":3,"y0":${score()}}\n{"id":"t","a":1,"b":2,"c":3,"y0":${score()}}\n`)
  const file = 'events.ndjson'
  assert.equal(rejects(), [
    { file, line: 2, row: 1, reason: '"b": "x" is not a number', text: '{"id":"q","a":1,"b":"x"}' },
    {
      ...{ file, line: 3, row: 2, text: '{"id":' },
      reason: '"{\\"id\\":" is not JSON; each line holds an event, an object or an array',
    },
    { file, line: 4, row: 3, reason: '2 values, expected 3 (a, b, c)', text: '[1,2]' },
  ])
  const kept = predict('events.ndjson', '--keep', 'all', '--on-error', 'null').out.split('\n')
  assert.equal(kept.slice(1, 4), ['{"id":"q","a":1,"b":"x","y0":null}', '{"y0":null}', '[1,2,null]'])
})

test('a default of the model is none for a bad record', () => {
  folder.write('one.csv', 'a,b,c\n1,,3\nx,,3\n')
  const { out } = predict('one.csv', '--on-error', 'null')
  assert.is(out, `y0\n${shortest(drone.predict([1, null, 3]))}\nnan\n`)
})

test('what is chosen: bad records count for --skip and --limit, pass --where, and are rejected once', () => {
  const args = ['--keep', 'row', '--rejects', 'rejects.ndjson', '--on-error']
  assert.is(predict('events.csv', ...args, 'skip', '--skip', '1', '--limit', '2').out, 'row,y0\n')
  assert.equal(rejects(), CSV_REJECTS.slice(0, 2))
  assert.is(predict('events.csv', ...args, 'null', '--where', 'a > 1').out, 'row,y0\n1,nan\n2,nan\n3,nan\n')
  const { out } = predict('events.csv', 'events.ndjson', ...args, 'null', '--skip', '3', '--limit', '4')
  assert.is(out, `row,y0\n3,nan\n4,${score()}\n5,${score()}\n6,nan\n`)
  assert.equal(
    rejects().map(({ file, row }) => `${file} ${row}`),
    ['events.csv 3', 'events.ndjson 6'],
  )
})

test('--json tells how many', () => {
  const { out } = predict('events.csv', '--on-error', 'skip', '--json', '--keep', 'id')
  assert.equal(JSON.parse(out), {
    events: 2,
    rejected: 3,
    kept: { id: ['p', 't'] },
    scores: { y0: [score(), score()] },
  })
  const toFile = predict('events.csv', '--on-error', 'null', '--json', '--out', 'scores.csv')
  assert.equal(JSON.parse(toFile.out), { events: 5, rejected: 3, out: 'scores.csv' })
  assert.is(toFile.err, '')
})

test('every format of scores takes what bad records leave', async () => {
  for (const format of ['npy', 'parquet']) {
    const { status, err } = predict('events.csv', '--on-error', 'null', '--keep', 'id', '--out', `scores.${format}`)
    assert.is(status, 0, err)
    const source = await openEvents([folder.file(`scores.${format}`)], { tolerant: true })
    for await (const { rows, kept } of source.read(['y0'], { keep: ['id'] })) {
      assert.equal(
        kept!.map(({ cells }) => cells[0] || undefined),
        ['p', 'q', undefined, undefined, 't'],
      )
      assert.equal([...rows].map(shortest), [score(), Number.NaN, Number.NaN, Number.NaN, score()])
    }
  }
})

test('--rejects is whole or not there, and no other file of the command', () => {
  folder.write('cut.csv', 'a,b,c\nx,2,3\n')
  const failed = predict('cut.csv', 'none.csv', '--on-error', 'skip', '--rejects', 'rejects.ndjson')
  assert.is(failed.err, 'nndrone: none.csv: no such file\n')
  assert.not.ok(existsSync(folder.file('rejects.ndjson')))
  predict('cut.csv', '--on-error', 'skip', '--rejects', 'rejects.ndjson')
  assert.is(rejects().length, 1)
  folder.write('good.csv', 'a,b,c\n1,2,3\n')
  predict('good.csv', '--on-error', 'skip', '--rejects', 'rejects.ndjson')
  assert.equal(rejects(), [], 'those of an earlier run are gone')
  const refused = (message: string, ...args: string[]) => {
    const { status, err } = predict('good.csv', ...args)
    assert.is(err, `nndrone: ${message}\n`)
    assert.is(status, 2)
  }
  refused(
    '--rejects needs --on-error skip or --on-error null: by default the first bad record ends all',
    ...['--rejects', 'x.ndjson'],
  )
  refused(
    '--rejects ./good.csv: is the same file as --events good.csv; name another file',
    '--on-error',
    'skip',
    '--rejects',
    './good.csv',
  )
  refused(
    '--rejects x.csv: is the same file as --out x.csv; name another file',
    ...['--on-error', 'skip', '--rejects', 'x.csv', '--out', 'x.csv'],
  )
  assert.is(readFileSync(folder.file('good.csv'), 'utf8'), 'a,b,c\n1,2,3\n')
  assert.match(
    predict('good.csv', '--on-error', 'ignore').err,
    /option '--on-error <what>' argument 'ignore' is invalid\. Allowed choices are fail, skip, null\./,
  )
})

test('a live stream goes on after a bad record', async () => {
  const child = folder.start('predict', 'drone.json', '--events', '-', '--keep', 'all', '--on-error', 'null')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string | undefined
  child.stdin.write('{"a":1,"b":2,"c":3}\n')
  assert.is(await next(), `{"a":1,"b":2,"c":3,"y0":${score()}}`)
  child.stdin.write('oops\n')
  assert.is(await next(), '{"y0":null}')
  child.stdin.end('{"a":1,"b":2,"c":3}')
  assert.is(await next(), `{"a":1,"b":2,"c":3,"y0":${score()}}`)
  assert.is(await ended(child), 0)
})

/** Resident memory of a process in MB, 0 where it cannot be told. */
function memory(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** More of them by hand: NNDRONE_LINES=10000000, which then tells figures. */
const LINES = Number(process.env.NNDRONE_LINES ?? 100_000)

for (const format of ['csv', 'ndjson'] as const) {
  test(`${LINES.toLocaleString('en')} lines, one in a hundred bad, ${format}: each is scored and joined, or rejected`, async () => {
    const random = seeded(11)
    const bad = new Map<number, string>()
    const event = (n: number) => [n / 64, ((n % 1000) - 500) / 32, (n % 77) / 8]
    const child = folder.start(
      ...['predict', 'drone.json', '--events', '-', '--keep', 'row,id'],
      ...['--on-error', 'skip', '--rejects', 'rejects.ndjson'],
    )
    let err = ''
    child.stderr.on('data', (data) => (err += data))
    const id = (n: number) => (n % 50 === 0 ? `"${n}, \\""` : `"${n}"`)
    function line(n: number): string {
      const [a, b, c] = event(n)
      const csv = `${n % 50 === 0 ? `"${n}, """` : n},${a},${b},${c}`
      const good = format === 'csv' ? csv : JSON.stringify({ id: JSON.parse(id(n)), a, b, c })
      if (random.uniform() >= 0.01) return good
      const ways = format === 'csv' ? [`${n},1,x,3`, `${n},1,2`, `${n},1,2,3,4`, `${n},"1,2,3`, `${n},1"2,3,4`] : []
      const others = [`{"id":${n},"a":`, `{"id":${n},"a":"x","b":1,"c":2}`, `[${n}]`, 'null', good.slice(0, -1)]
      const text = (format === 'csv' ? ways : others)[random.below(5)]!
      bad.set(n, text)
      return text
    }
    async function feed(): Promise<void> {
      if (format === 'csv') child.stdin.write('id,a,b,c\n')
      for (let n = 0; n < LINES; ) {
        let text = ''
        for (const end = Math.min(LINES, n + 500); n < end; n++) text += `${line(n)}\n`
        if (!child.stdin.write(text)) await new Promise((resolve) => child.stdin.once('drain', resolve))
      }
      child.stdin.end()
    }
    const fed = feed()
    let [scored, largest, header] = [0, 0, format === 'csv']
    for await (const answer of createInterface({ input: child.stdout })) {
      if (header) {
        assert.is(answer, 'row,id,y0')
        header = false
        continue
      }
      if (scored++ % 5000 === 0) largest = Math.max(largest, memory(child.pid!))
      const n = format === 'csv' ? Number(answer.split(',', 1)[0]) : JSON.parse(answer).row
      const score = shortest(drone.predict(event(n)))
      const cell = n % 50 === 0 ? `"${n}, """` : n
      const expected = format === 'csv' ? `${n},${cell},${score}` : `{"row":${n},"id":${id(n)},"y0":${score}}`
      if (answer !== expected || bad.has(n)) assert.is(answer, expected)
    }
    await fed
    assert.is(await ended(child), 0, err)
    assert.is(scored, LINES - bad.size)
    assert.ok(bad.size > LINES / 200 && bad.size < LINES / 50)
    assert.ok(err.endsWith(`\n${bad.size.toLocaleString('en')} bad records left out; see rejects.ndjson\n`), err)
    assert.equal(
      rejects().map(({ row, text }) => [row, text]),
      [...bad],
    )
    assert.ok(largest < 250, `${largest.toFixed(0)} MB`)
    if (process.env.NNDRONE_LINES) console.log(`${format}: ${largest.toFixed(0)} MB at most; ${err.trim()}`)
  })
}

test.run()
