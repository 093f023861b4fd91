/** Files packed by what is not unpacked here: what to type is said. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: packed by others')
const folder = new Events()

test.after(() => folder.remove())

/** What zstd, xz, bzip2 and lz4 make of a line of text. */
const FILES: [name: string, hex: string, program: string, type: string][] = [
  ['events.zst', '28b52ffd0408390000612c620a312c320a', 'zstd', 'zstd -d events.zst'],
  ['events.xz', 'fd377a585a000004e6d6b4460200210116', 'xz', 'xz -dk events.xz'],
  ['events.bz2', '425a68393141592653596f0b2ecb', 'bzip2', 'bzip2 -dk events.bz2'],
  ['events.lz4', '04224d186440a70800008061', 'LZ4', 'lz4 -d events.lz4'],
]

for (const [name, hex, program, type] of FILES) {
  test(program, async () => {
    folder.write(name, Buffer.from(hex, 'hex'))
    const said = `${name}: packed by ${program}, only gzip is unpacked here; unpack it first: `
    await folder.refuses(name, new RegExp(`^${said}${type.replace(name, '')}.*${name}$`))
  })
}

test('a text that begins as such a file', async () => {
  folder.write('events.csv', 'BZh9,b\n1,2\n')
  assert.equal((await folder.read('events.csv', ['BZh9', 'b'])).events, [1, 2])
})

test('standard input', async () => {
  const drone = new Folder()
  drone.write(
    'drone.json',
    '{"inputs":[{"name":"a","offset":0,"scale":1}],"layers":[{"architecture":"dense","activation":"linear","weights":[1],"bias":[0]}],"outputs":["y"]}',
  )
  const child = drone.start('predict', 'drone.json', '--events', '-')
  let err = ''
  child.stderr.on('data', (data) => (err += data))
  child.stdin.end(Buffer.from(FILES[0]![1], 'hex'))
  await new Promise((resolve) => child.on('close', resolve))
  drone.remove()
  assert.is(
    err,
    'nndrone: standard input: packed by zstd, only gzip is unpacked here; unpack it in the pipe: … | zstd -dc | …\n',
  )
})

test.run()
