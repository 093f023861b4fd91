/** nndrone export and import, as their users type them. */
import { existsSync, readFileSync } from 'node:fs'
import { formatJSON } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXPORTS } from '../../toolkit/models/exports.ts'
import { Folder, someDrone } from './support.ts'

const test = suite('export and import')
const folder = new Folder()
const drone = someDrone(folder)
const [plain] = [{ ...drone.toJSON(), defaults: undefined }]
folder.write('plain.json', formatJSON(plain))
const rows = Array.from({ length: 200 }, (_, n) => `${Math.sin(n)},${n % 7 === 0 ? '' : Math.cos(n)},${n / 200}`)
folder.write('events.csv', ['a,b,c', ...rows].join('\n'))
folder.write('full.csv', ['a,b,c', ...rows.filter((_, n) => n % 7 !== 0)].join('\n'))
test.after(() => folder.remove())

test('--list: every kind, and how near its answers are', () => {
  const { status, out } = folder.run('export', '--list')
  assert.is(status, 0)
  const lines = out.trimEnd().split('\n')
  assert.match(lines[0]!, /^ending {2}what +its answers$/)
  assert.equal(
    lines.slice(1).map((line) => line.split(' ')[0]),
    Object.keys(EXPORTS).map((id) => `.${id}`),
  )
  assert.match(out, /^\.wasm +a WebAssembly module that imports nothing +the same bits$/m)
  const listed = JSON.parse(folder.run('export', '--list', '--json').out)
  assert.equal(listed[0], { id: 'wasm', title: 'a WebAssembly module that imports nothing', answers: 'the same bits' })
})

test('every kind is written, and checked on events', () => {
  for (const [id, { tolerance }] of Object.entries(EXPORTS)) {
    const keras = id === 'h5' || id === 'keras'
    const [from, events] = keras ? ['plain.json', 'full.csv'] : ['drone.json', 'events.csv']
    const out = `out.${id}`
    const { status, out: said, err } = folder.run('export', from, '--out', out, '--check', events, '--json')
    assert.equal([status, err], [0, ''], id)
    const { bytes, check, notChecked, ...rest } = JSON.parse(said)
    assert.equal(rest, { kind: id, out })
    assert.is(bytes, readFileSync(folder.file(out)).length)
    if (notChecked !== undefined) {
      assert.match(notChecked, /^there is no C compiler/)
      continue
    }
    assert.is(check.events, keras ? 171 : 200)
    assert.is(check.tolerance, tolerance)
    assert.ok(check.passed)
    if (tolerance === 0) assert.is(check.same, check.events)
  }
})

test('what it says: the file, its size, the check', () => {
  const { err } = folder.run('export', 'drone.json', '--out', 'said.wasm', '--check', 'events.csv')
  assert.match(
    err,
    /^wrote said\.wasm: a WebAssembly module that imports nothing, [\d,]+ bytes\nchecked: the same bits for 200 events\n$/,
  )
  assert.match(folder.run('export', 'drone.json', '--out', '2nd fast.h').err, /^wrote 2nd fast\.h: C99 in a header/)
  assert.match(readFileSync(folder.file('2nd fast.h'), 'utf8'), /float drone_2nd_fast_score\(const double \*event\);/)
})

test('nothing is written where the check fails', () => {
  const inputs = plain.inputs.map((input) => ({ ...input, offset: 999, scale: 1 }))
  const layers = plain.layers.map((layer, k) =>
    k === 0 ? { ...layer, weights: layer.weights.map((w) => 30 * w) } : layer,
  )
  folder.write('far.json', formatJSON({ ...plain, inputs, layers }))
  folder.write('far.csv', ['a,b,c', ...rows.filter((_, n) => n % 7 !== 0).map((row) => far(row))].join('\n'))
  const { status, err } = folder.run('export', 'far.json', '--out', 'far.h5', '--check', 'far.csv')
  assert.is(status, 1)
  assert.match(
    err,
    /^nndrone: far\.h5: not written: the same bits for \d+ of 171 events, the largest difference [\d.e-]+ \(at most 0\.00001\)\n$/,
  )
  assert.not(existsSync(folder.file('far.h5')))
})

const far = (row: string) =>
  row
    .split(',')
    .map((value) => Number(value) - 999)
    .join(',')

test('JSON: without our own part; a drone that exists is replaced with --force alone', () => {
  const json = () => JSON.parse(readFileSync(folder.file('plain-out.json'), 'utf8'))
  assert.is(folder.run('export', 'drone.json', '--out', 'plain-out.json', '--plain').status, 0)
  assert.equal(Object.keys(json()), ['inputs', 'layers', 'outputs', 'defaults', 'miscellaneous'])
  assert.match(json().miscellaneous.made, /^Made by nndrone export /)
  const again = folder.run('export', 'drone.json', '--out', 'plain-out.json')
  assert.equal(
    [again.status, again.err],
    [2, 'nndrone: --out plain-out.json: the file exists; add --force to replace it, or name another file\n'],
  )
  assert.is(folder.run('export', 'drone.json', '--out', 'plain-out.json', '--force').status, 0)
  assert.is(json().nndrone.version, 2)
})

test('what makes no sense is refused in one line', () => {
  const said = (...args: string[]) => {
    const { status, err } = folder.run('export', ...args)
    return [status, err]
  }
  const line = (text: string) => `nndrone: ${text}\n`
  assert.equal(said(), [2, line('no drone given; name its file, or list the kinds with --list')])
  assert.equal(said('drone.json'), [2, line('--out is missing; name the file that is to be written, as drone.wasm')])
  assert.equal(said('drone.json', '--out', 'drone.exe'), [
    2,
    line('drone.exe: the name of an export has to end in .wasm, .mjs, .c, .h, .onnx, .h5, .keras, .json'),
  ])
  assert.equal(said('drone.json', '--out', 'drone.json'), [
    2,
    line('--out drone.json: is an input of this command (DRONE); name another file'),
  ])
  assert.equal(said('drone.json', '--out', 'x.c', '--plain'), [2, line('--plain is for .json, not for .c')])
  assert.equal(said('drone.json', '--out', 'x.c', '--features', 'a,b,c'), [
    2,
    line('--features names columns of the events of --check, which is missing'),
  ])
  assert.equal(said('events.csv', '--out', 'x.c')[0], 1)
  assert.match(String(said('drone.json', '--out', 'x.h5')[1]), /^nndrone: inputs\[1\]: "b" has a default for missing/)
  assert.not(existsSync(folder.file('x.h5')))
})

test('import: there and back, with names, and refused by name', () => {
  assert.is(folder.run('export', 'plain.json', '--out', 'there.keras').status, 0)
  const { status, out } = folder.run('import', 'there.keras', '--features', 'a,b,c', '--out', 'back.json', '--json')
  assert.is(status, 0)
  assert.equal(JSON.parse(out), {
    ...{ out: 'back.json', parameters: drone.parameters, hidden: [5] },
    ...{ inputs: ['a', 'b', 'c'], outputs: ['score'] },
  })
  const compared = folder.run('compare', 'back.json', 'plain.json', '--events', 'full.csv', '--json')
  assert.ok(JSON.parse(compared.out).maxError < 1e-6)
  const refused = folder.run('import', 'plain.json', '--out', 'no.json')
  assert.equal([refused.status, refused.err], [1, 'nndrone: plain.json: is a drone already\n'])
  assert.is(folder.run('import', 'there.keras', '--out', 'back.json').status, 2)
  const other = folder.run('export', 'there.keras', '--out', 'there.c')
  assert.equal(
    [other.status, other.err],
    [
      2,
      'nndrone: there.keras: expected a drone, which this model is not; make one of it: nndrone distill for any model, nndrone import for a small net of dense layers\n',
    ],
  )
  const { err } = folder.run('import', 'there.keras', '--features', 'a,b,c', '--out', 'back.json', '--force')
  assert.is(err, 'wrote back.json: 3 → 5 → 1, 26 parameters\n')
})

test.run()
