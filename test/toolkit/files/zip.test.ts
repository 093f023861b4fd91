/** Zip archives as another program writes them. */
import { strToU8, zipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../../toolkit/errors.ts'
import { rangesOf, readRange } from '../../../toolkit/files/ranges.ts'
import { zipEntries } from '../../../toolkit/files/zip.ts'

const test = suite('files: zip')

const content = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251)
const archive = Buffer.from(
  zipSync({ 'packed.bin': content, 'stored.bin': [content, { level: 0 }], 'empty.txt': strToU8('') }),
)

const entriesOf = (bytes: Uint8Array, wanted = (_: string) => true) => zipEntries('x.zip', rangesOf(bytes), wanted)

async function refused(bytes: Uint8Array, message: string) {
  try {
    await entriesOf(bytes)
  } catch (error) {
    assert.instance(error, InputError)
    return assert.is((error as Error).message, message)
  }
  assert.unreachable(`not refused: ${message}`)
}

test('files are read whole and in part, packed or stored', async () => {
  const entries = await entriesOf(archive)
  assert.equal([...entries.keys()], ['packed.bin', 'stored.bin', 'empty.txt'])
  for (const name of ['packed.bin', 'stored.bin']) {
    const entry = entries.get(name)!
    assert.is(entry.size, content.length)
    for (const [from, to] of [
      [0, content.length],
      [0, 1],
      [70_001, 140_002],
      [199_990, 300_000],
    ] as const) {
      assert.equal(await readRange(entry, from, to), content.slice(from, to))
    }
  }
  assert.is((await readRange(entries.get('empty.txt')!, 0, 10)).length, 0)
})

test('files that nobody wants are not looked into', async () => {
  const bytes = Buffer.from(archive)
  const encrypted = bytes.lastIndexOf('stored.bin') - 38
  bytes.writeUInt16LE(1, encrypted)
  assert.equal([...(await entriesOf(bytes, (name) => name === 'packed.bin')).keys()], ['packed.bin'])
  await refused(bytes, 'x.zip: stored.bin: is encrypted')
})

test('archives that are cut short', async () => {
  await refused(archive.subarray(0, archive.length - 1), 'x.zip: a zip archive without the end; is the file whole?')
  await refused(archive.subarray(100), 'x.zip: a zip archive without its directory; is the file whole?')
  await refused(new Uint8Array(), 'x.zip: a zip archive without the end; is the file whole?')
})

test.run()
