/** Events from NPY and NPZ: what NumPy wrote (fixtures/numpy.py), and what is said of wrong files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../support.ts'
import { ended, someDrone } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: NPY and NPZ')
const folder = new Events()

test.after(() => folder.remove())

const fixture = (name: string) => join(root, 'test/toolkit/events/fixtures', name)

const numbers = Array.from({ length: 37 }, (_, n) => n)
const expected = numbers.flatMap((n) => [n / 8, (n / 8) ** 2 - 3])
const labels = numbers.map((n) => n % 2)

/** NPY as the format's description has it. */
function npyBytes(header: string, data: Uint8Array = new Uint8Array(), version = 1): Uint8Array {
  const size = version === 1 ? Buffer.alloc(2) : Buffer.alloc(4)
  if (version === 1) size.writeUInt16LE(header.length)
  else size.writeUInt32LE(header.length)
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, 'latin1'),
    size,
    Buffer.from(header),
    data,
  ])
}

test('rows, Fortran order, other bytes first', async () => {
  assert.equal((await folder.read(fixture('rows.npy'))).events, expected)
  assert.equal((await folder.read(fixture('fortran.npy'))).events, expected)
  assert.equal((await folder.read(fixture('big-endian.npy'))).events, expected.map(Math.fround))
})

test('columns without names: by number, or in the order of the names that are asked for', async () => {
  assert.equal(
    (await folder.read(fixture('rows.npy'), ['1'], ['0'])).events,
    expected.filter((_, i) => i % 2 === 1),
  )
  assert.equal(
    (await folder.read(fixture('rows.npy'), ['pt'], ['0'])).events,
    expected.filter((_, i) => i % 2 === 1),
  )
  const message = /columns without names, 2 for 3 \(a, b, c\); choose by number, as in `features` 0,1,2$/
  await folder.refuses(fixture('rows.npy'), message, ['a', 'b', 'c'])
})

test('records: every type of number, aligned; other types only if they are asked for', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `x${i}`)
  assert.equal((await folder.read(fixture('records.npy'), names)).events, [
    ...[1, -128, 255, -32768, 65535, -(2 ** 31), 2 ** 32 - 1, -(2 ** 53), 2 ** 64, -1, 1.5, Math.PI],
    ...[0, 127, 0, 32767, 0, 2 ** 31 - 1, 0, 2 ** 62, 2 ** 53, -(2 ** 63), Number.NaN, Number.NEGATIVE_INFINITY],
  ])
  await folder.refuses(fixture('records.npy'), /column "it's" is of type "<U3", expected numbers$/, ["it's"])
  await folder.refuses(fixture('records.npy'), /column "v" is of type "<f42", expected numbers$/, ['v'])
})

test('records in records are passed over', async () => {
  assert.equal((await folder.read(fixture('nested.npy'))).events, [1, 4, 2, 5, 3, 6])
  await folder.refuses(fixture('nested.npy'), /column "p4" is of type "record", expected numbers$/, ['a', 'p4'])
  await folder.refuses(fixture('nested.npy'), /no column "x"; there are a, p4, pair, b$/, ['x'])
})

test('NPZ: a column for each array, or one table and columns beside it', async () => {
  const { events, beside } = await folder.read(fixture('columns.npz'), ['a', 'b'], ['label'])
  assert.equal(events, expected)
  assert.equal(beside, [labels])
  const packed = await folder.read(fixture('packed.npz'), ['pt', 'eta'], ['y'])
  assert.equal(packed.events, expected)
  assert.equal(packed.beside, [labels])
  await folder.refuses(fixture('columns.npz'), /: "a" has 37 events, but "short" has 5 events$/, ['a', 'short'])
  await folder.refuses(fixture('columns.npz'), /name\.npy: column "0" is of type "<U1", expected numbers$/, [
    'a',
    'name',
  ])
  await folder.refuses(fixture('columns.npz'), /scalar\.npy: an array of 0 dimensions, expected 2/, ['scalar'])
  await folder.refuses(fixture('columns.npz'), /no column "c"; there are a, b, label, name, scalar, short$/, ['c'])
})

test('an archive of more arrays than a table has columns', async () => {
  const array = npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8))
  const files = Object.fromEntries(Array.from({ length: 4097 }, (_, n) => [`${n}.npy`, array]))
  folder.write('many.npz', zipSync(files, { level: 0 }))
  await folder.refuses('many.npz', 'many.npz: more than 4096 arrays')
})

test('many events: a file is read in pieces that hold whole events', async () => {
  const count = 100_003
  const values = Float32Array.from({ length: 3 * count }, (_, i) => i)
  const bytes = new Uint8Array(values.buffer)
  folder.write('rows.npy', npyBytes(`{'descr': '<f4', 'fortran_order': False, 'shape': (${count}, 3), }`, bytes))
  assert.equal((await folder.read('rows.npy', ['a', 'b', 'c'])).events, [...values])
  folder.write('columns.npy', npyBytes(`{'descr': '<f4', 'fortran_order': True, 'shape': (${count}, 3), }`, bytes))
  const { events } = await folder.read('columns.npy', ['a', 'b', 'c'])
  assert.ok(events.every((value, i) => value === Math.floor(i / 3) + (i % 3) * count))
})

test('packed by gzip, and from standard input', async () => {
  folder.write('rows.npy.gz', gzipSync(readFileSync(fixture('rows.npy'))))
  assert.equal((await folder.read('rows.npy.gz')).events, expected)
  folder.write('fortran.npy.gz', gzipSync(readFileSync(fixture('fortran.npy'))))
  await folder.refuses(
    'fortran.npy.gz',
    'fortran.npy.gz: is in Fortran order, column after column, which cannot be read from a stream',
  )
  folder.write('columns.npz.gz', gzipSync(readFileSync(fixture('columns.npz'))))
  await folder.refuses('columns.npz.gz', 'columns.npz.gz: NPZ cannot be read from a stream, only from a file')
  const drone = someDrone(folder)
  const child = folder.start('predict', 'drone.json', '--events', '-')
  child.stdin.write(npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"))
  child.stdin.end(new Uint8Array(Float64Array.of(1, 2, 3, 4, 5, 6).buffer))
  let out = ''
  for await (const data of child.stdout) out += data
  assert.is(await ended(child), 0)
  const [, first, second] = out.split('\n').map(Number)
  assert.ok(Math.abs(first! - drone.predict([1, 2, 3])) < 1e-6 && Math.abs(second! - drone.predict([4, 5, 6])) < 1e-6)
})

test('wrong headers and sizes: the file, the place and the value', async () => {
  const refused = (bytes: Uint8Array, message: string) => folder.refuses(folder.write('x.npy', bytes), message)
  const header = (shape: string, descr = "'<f8'") =>
    npyBytes(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`)
  await refused(
    header('(1000000000000, 6)'),
    'x.npy: the header tells of 1000000000000 events of 48 bytes, but 0 bytes follow; is the file whole?',
  )
  await refused(header('(5, 1000000000000)'), 'x.npy: 1000000000000 columns, expected at most 4096')
  await refused(header('(5, 6, 7)'), 'x.npy: an array of 3 dimensions, expected 2 (events × columns)')
  await refused(header('(-5, 6)'), 'x.npy: shape "[-5,6]", expected whole numbers')
  await refused(
    header('(1, 2)', "'<c16'"),
    'x.npy: the header tells of 1 events of 32 bytes, but 0 bytes follow; is the file whole?',
  )
  await refused(header('(0, 2)', "'<f16'"), 'x.npy: column "0" is of type "<f16", expected numbers')
  await refused(
    header('(1,)', "[('a', [('b', 'what')])]"),
    'x.npy: type "[\\"a\\",[[\\"b\\",\\"what\\"]]]" is not known',
  )
  const nested = (depth: number) => `${"[('a', ".repeat(depth)}'<f8'${')]'.repeat(depth)}`
  const deep = (depth: number) =>
    npyBytes(`{'descr': ${nested(depth)}, 'fortran_order': False, 'shape': (1,), }`, undefined, 2)
  await refused(
    deep(40),
    'x.npy: type "[\\"a\\",[[\\"a\\",[[\\"a\\",[[\\"a\\",[[\\"a\\",[[\\"a\\",[[\\"a\\"…" is not known',
  )
  await folder.refuses(folder.write('x.npy', deep(50_000)), /^x\.npy: type .+ is not known$/)
  await refused(header('(0, 2)'), 'x.npy: no events')
  await refused(
    header('(1,)', "[('a', '<f8', (4000000,))]"),
    'x.npy: events of 32000000 bytes, expected from 1 to 16777216',
  )
  await refused(header('(1,)', "[('a', '|S0')]"), 'x.npy: events of 0 bytes, expected from 1 to 16777216')
  await refused(npyBytes('not a literal'), 'x.npy: the header "not a literal" is not one of NumPy')
  await refused(npyBytes('{}', undefined, 4), 'x.npy: NPY of version 4, expected 1 to 3')
  await refused(npyBytes('{}').subarray(0, 9), 'x.npy: ends within the header; is the file whole?')
  const huge = Buffer.from(npyBytes('{}', undefined, 2))
  huge.writeUInt32LE(0xffffffff, 8)
  await refused(huge, 'x.npy: a header of 4294967295 bytes, expected at most 1048576')
  const cut = gzipSync(
    npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 2), }", new Uint8Array(40)),
  )
  await folder.refuses(
    folder.write('cut.npy.gz', cut),
    'cut.npy.gz: ends after 2 events of 1000000000000; is the file whole?',
  )
})

test('files that are cut short or have bytes changed are read or refused', async () => {
  for (const name of ['rows.npy', 'records.npy', 'columns.npz', 'packed.npz']) {
    const features = name === 'records.npy' ? ['x1', 'x7'] : ['0', '1']
    const refused = await folder.fuzz(
      name,
      readFileSync(fixture(name)),
      name === 'columns.npz' ? ['a', 'b'] : features,
      150,
    )
    assert.ok(refused > 40, `${name}: ${refused}`)
  }
})

test.run()
