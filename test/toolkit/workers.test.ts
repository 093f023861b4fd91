/** predict --workers: the same bytes as without, in the same order, and one answer for each line that comes. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shortest } from '../../bindings/index.ts'
import { seeded } from '../support.ts'
import { ended, Folder, someDrone } from './support.ts'

const test = suite('predict --workers')
const folder = new Folder()
const drone = someDrone(folder)

test.after(() => folder.remove())

const COUNT = 40_000

/** Lines of more than a block, with what is unusual among them; the drone knows a, b and c. */
function writeEvents(): void {
  const random = seeded(1)
  const value = () => (random.below(50) === 0 ? '' : (random.uniform() * 10 - 5).toFixed(5))
  const rows = Array.from({ length: COUNT }, (_, n) => {
    const note = random.below(20) === 0 ? '"a ""note"",\nof two lines"' : 'é'
    return `${n},${value()},${value()},${value()},${note},${'long'.repeat(5)}`
  })
  folder.write('events.csv', `id,c,a,b,note,rest\n${rows.join('\n')}\n`)
  folder.write('more.csv', `b,rest,note,id,a,c\n${'1.5,,,7,2.5,3\n'.repeat(10)}`)
  folder.write('bad.csv', `id,c,a,b,note,rest\n${rows.join('\n')}\n1,2\n2,x,1,1,,\n3,1,2,3,,\n`)
  const records = Array.from({ length: COUNT }, (_, n) => {
    const some = random.below(20) === 0 ? ',"b":null' : `,"b":${random.uniform()}`
    return `{"id":${n},"a":${random.uniform()}${some},"c":${random.below(9)},"nested":${random.below(9) ? 1 : '[{}]'}}`
  })
  folder.write('events.ndjson', `${records.join('\n')}\n\n{"a":1}`)
  folder.write('head.csv', 'a,b,c\n')
}

test.before(writeEvents)

/** What a command without workers says, writes and rejects, and then one with them. */
function both(...args: string[]): void {
  const run = (...more: string[]) => {
    const { status, out, err } = folder.run('predict', 'drone.json', ...args, ...more)
    const rejects = args.includes('--rejects') ? readFileSync(folder.file('rejects.ndjson'), 'utf8') : ''
    // How long it took is not the same.
    return { status, out, err: err.replace(/ in .*\/s\)/g, ''), rejects }
  }
  const [alone, together] = [run(), run('--workers', '2')]
  assert.is(together.err, alone.err, args.join(' '))
  assert.is(together.status, alone.status, args.join(' '))
  assert.ok(together.out === alone.out, `${args.join(' ')}: another output`)
  assert.is(together.rejects, alone.rejects, args.join(' '))
}

test('CSV and NDJSON give the same bytes', () => {
  both('--events', 'events.csv')
  both('--events', 'events.ndjson')
  both('--events', 'events.csv', 'more.csv', '--keep', 'all', '--where', 'a > 0', '--default', 'c=1')
  both('--events', 'events.ndjson', '--keep', 'all')
  both('--events', 'head.csv')
})

test('bad records: where they are, and what becomes of the others', () => {
  both('--events', 'bad.csv')
  both('--events', 'events.csv', 'bad.csv', '--on-error', 'null', '--rejects', 'rejects.ndjson', '--keep', 'id,note')
  both('--events', 'bad.csv', '--on-error', 'skip')
})

test('each line of a stream is answered before the next', async () => {
  const child = folder.start('predict', 'drone.json', '--events', '-', '--workers', '2')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value
  child.stdin.write('a,b,c\n')
  for (const row of [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [1, 1, 1],
    [2, 2, 2],
  ]) {
    child.stdin.write(`${row}\n`)
    if (row[0] === 1 && row[1] === 2) assert.is(await next(), 'y0')
    assert.is(await next(), String(shortest(drone.predict(row))))
  }
  child.stdin.end()
  assert.is(await ended(child), 0)
})

test('what needs all events in their order is refused', () => {
  const refused = (message: string, ...args: string[]) => {
    const { status, err } = folder.run('predict', 'drone.json', '--events', 'events.csv', '--workers', '2', ...args)
    assert.equal([status, err.split('\n')[0]], [2, `nndrone: ${message}`])
  }
  refused('--workers cannot be used with --skip', '--skip', '1')
  refused('--workers cannot be used with --keep row', '--keep', 'row')
  refused('--workers writes CSV or NDJSON; leave it out for --out a.npy', '--out', 'a.npy')
})

test.run()
