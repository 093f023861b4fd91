/** Events packed by gzip: told by the content, whatever the name; cut or broken data are refused with the file's name. */
import { once } from 'node:events'
import { constants, createGzip, gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { load, openEvents } from '../../../toolkit/events/index.ts'
import { ended, someDrone } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: gzip')
const folder = new Events()

test.after(() => folder.remove())

const rows = Array.from({ length: 60000 }, (_, n) => [n, n / 8])
const text = `a,b\n${rows.map((row) => row.join()).join('\n')}\n`

test('CSV, TSV and NDJSON', async () => {
  const expected = rows.flat()
  folder.write('any.name', gzipSync(text))
  assert.equal((await folder.read('any.name')).events, expected)
  folder.write('events.tsv.gz', gzipSync(text.replaceAll(',', '\t')))
  assert.equal((await folder.read('events.tsv.gz')).events, expected)
  folder.write('events.ndjson.gz', gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join('')))
  const source = await openEvents([folder.file('events.ndjson.gz')])
  const events: number[] = []
  for await (const piece of source.read(['a', 'b'])) events.push(...piece.rows)
  assert.equal(events, expected)
})

test('several packed parts in a row are one file', async () => {
  folder.write('parts.gz', Buffer.concat([gzipSync('a,b\n1,2\n'), gzipSync('3,4\n')]))
  assert.equal((await folder.read('parts.gz')).events, [1, 2, 3, 4])
})

test('progress counts the bytes of the file', async () => {
  const packed = gzipSync(text)
  folder.write('events.csv.gz', packed)
  const source = await openEvents([folder.file('events.csv.gz')])
  const seen: number[] = []
  await load(source, ['a', 'b'], [], { onPiece: () => seen.push(source.bytesRead()) })
  assert.is(source.size, packed.length)
  assert.is(seen.at(-1), packed.length)
  assert.ok(seen.every((bytes) => bytes > 0 && bytes <= packed.length))
})

test('what is cut short or broken is refused', async () => {
  const packed = gzipSync(text)
  folder.write('cut.gz', packed.subarray(0, packed.length - 1000))
  await folder.refuses('cut.gz', 'cut.gz: the packed data end too early; is the file whole?')
  folder.write('cut.gz', packed.subarray(0, 12))
  await folder.refuses('cut.gz', 'cut.gz: the packed data end too early; is the file whole?')
  const broken = Uint8Array.from(packed)
  broken[packed.length >> 1]! ^= 255
  await folder.refuses(folder.write('broken.gz', broken), /^broken\.gz(: the packed data are broken|:\d+: )/)
  await folder.refuses(folder.write('empty.gz', gzipSync('')), 'empty.gz: empty')
  await folder.refuses(folder.write('none.gz', Uint8Array.of(0x1f, 0x8b)), /^none\.gz: the packed data end too early/)
})

test('standard input may be packed, and lines are answered as they arrive', async () => {
  const drone = someDrone(folder)
  const child = folder.start('predict', 'drone.json', '--events', '-')
  const gzip = createGzip()
  gzip.pipe(child.stdin)
  const say = (line: string) => {
    gzip.write(line)
    gzip.flush(constants.Z_SYNC_FLUSH)
  }
  say('a,b,c\n1,2,3\n')
  let out = ''
  child.stdout.on('data', (data) => (out += data))
  while (out.split('\n').length < 3) await once(child.stdout, 'data')
  assert.ok(Math.abs(Number(out.split('\n')[1]) - drone.predict([1, 2, 3])) < 1e-6)
  gzip.end('1,2,3\n')
  assert.is(await ended(child), 0)
  assert.is(out.split('\n').length, 4)
})

test.run()
