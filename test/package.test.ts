/** What npm would publish, installed into an empty folder and used there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Packed } from './packed.ts'
import { root } from './support.ts'

let packed: Packed

const test = suite('packages')

test.before(() => {
  packed = new Packed('.', 'toolkit')
})

test.after(() => packed.remove())

test('the library brings no dependency, and only what is meant to be published', () => {
  const installed = join(packed.folder, 'node_modules/nndrone')
  const names = readdirSync(installed).sort()
  assert.equal(names, ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json'])
  const dist = readdirSync(join(installed, 'dist')).filter((file) => !file.endsWith('.d.ts'))
  assert.equal(dist.sort(), [
    'binaries',
    'engines',
    'index.js',
    'index.js.map',
    'nndrone.relaxed.wasm',
    'nndrone.wasm',
    'relaxed.js',
    'relaxed.js.map',
    'twin',
  ])
  const bytes = gzipSync(readFileSync(join(installed, 'dist/index.js')), { level: 9 }).length
  assert.ok(bytes <= 24_000, `${bytes} bytes gzipped`)
})

test('the types are found and strict', () => {
  packed.write(
    'typed.ts',
    `import { Drone, distill, type Epoch, type Teacher } from 'nndrone'
    const drone: Drone = Drone.from('{}')
    const score: number = drone.predict([1, 2])
    const teacher: Teacher = drone
    const scores: Float32Array = drone.predictInto([1], new Float32Array(1))
    await distill({ events: new Float32Array(1), inputs: ['x'], teacher, onEpoch: ({ loss }: Epoch) => console.log(loss, score, scores) })
    // @ts-expect-error a row of strings is no event
    drone.predict(['1'])`,
  )
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--lib',
    'es2023,dom,esnext.disposable',
  ]
  packed.run(process.execPath, compiler, ...options, 'typed.ts')
})

test('the command works where it is installed', () => {
  const rows = Array.from({ length: 200 }, (_, n) => `${n % 17},${(n * 7) % 13},${n % 17 > 8 ? 0.9 : 0.1}`)
  packed.write('events.csv', ['a,b,answer', ...rows].join('\n'))
  const command = join(packed.folder, 'node_modules/.bin/nndrone')
  packed.run(
    command,
    'distill',
    '--target',
    'answer',
    '--events',
    'events.csv',
    '--out',
    'drone.json',
    '--epochs',
    '20',
  )
  const scores = packed.run(command, 'predict', 'drone.json', '--events', 'events.csv').trim().split('\n')
  assert.is(scores.length, 201)
  assert.match(packed.run(command, '--version'), /^\d+\.\d+\.\d+\n$/)
})

test.run()
