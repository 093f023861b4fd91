/** What npm would publish, installed into an empty folder and used there: in Node, without WebAssembly, in Deno. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'nndrone-package-'))

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A program for any runtime: it distils, scores, and prints what must be the same everywhere. */
const PROGRAM = `
import { Drone, distill } from 'nndrone'
const engine = globalThis.process?.argv?.[2] ?? globalThis.Deno?.args?.[0]
const events = Float64Array.from({ length: 1200 }, (_, i) => ((i * 7919) % 1000) / 250 - 2)
const targets = Float32Array.from({ length: 400 }, (_, n) => (events[3 * n] * events[3 * n + 1] > 0 ? 0.9 : 0.1))
const { drone } = await distill({ events, targets, inputs: ['a', 'b', 'c'], epochs: 30, growth: { kappa: 0.2 }, engine })
const loaded = await Drone.load(JSON.stringify(drone), { engine })
const scores = loaded.predictBatch(events)
if (loaded.predict([...events.subarray(0, 3)]) !== scores[0]) throw new Error('one event and a batch differ')
const digest = await crypto.subtle.digest('SHA-256', scores)
const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
console.log(loaded.engine, loaded.hidden.join(), hex, String(JSON.stringify(loaded).length))
`

const test = suite('packages')

test.before(() => {
  for (const workspace of ['.', 'toolkit']) {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: join(root, workspace),
    })
  }
  const archives = readdirSync(folder).map((file) => `./${file}`)
  assert.is(archives.length, 2)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  run('npm', 'install', '--silent', '--no-audit', '--no-fund', ...archives)
  writeFileSync(join(folder, 'program.mjs'), PROGRAM)
})

test.after(() => rmSync(folder, { recursive: true, force: true }))

test('the library brings no dependency, and only what is meant to be published', () => {
  const installed = join(folder, 'node_modules/nndrone')
  const names = readdirSync(installed).sort()
  assert.equal(names, ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json'])
  const dist = readdirSync(join(installed, 'dist')).filter((file) => !file.endsWith('.d.ts'))
  assert.equal(dist.sort(), [
    'index.js',
    'index.js.map',
    'nndrone.relaxed.wasm',
    'nndrone.wasm',
    'pool-worker.js',
    'pool-worker.js.map',
    'pool.js',
    'pool.js.map',
    'relaxed.js',
    'relaxed.js.map',
    'swarm.js',
    'swarm.js.map',
    'swarm.wasm',
    'types',
  ])
  const bytes = gzipSync(readFileSync(join(installed, 'dist/index.js')), { level: 9 }).length
  assert.ok(bytes <= 24_000, `${bytes} bytes gzipped`)
})

test('Node, its WebAssembly switched off, and Deno give the same bits', () => {
  const [engine, ...expected] = run(process.execPath, 'program.mjs').trim().split(' ')
  assert.is(engine, 'simd')
  const same = (output: string, engine: string) => {
    assert.equal(output.trim().split(' '), [engine, ...expected])
  }
  same(run(process.execPath, 'program.mjs', 'js'), 'js')
  same(run(process.execPath, '--jitless', 'program.mjs'), 'js')
  const deno = join(root, 'node_modules/.bin/deno')
  same(run(deno, 'run', '--no-prompt', 'program.mjs', 'simd'), 'simd')
  same(run(deno, 'run', '--no-prompt', 'program.mjs', 'js'), 'js')
})

test('the bare kernels are exported, and run as a module that was compiled before', () => {
  writeFileSync(
    join(folder, 'module.mjs'),
    `import { readFileSync } from 'node:fs'
    import { createEngine, Drone } from 'nndrone'
    const module = new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('nndrone/nndrone.wasm'))))
    const layers = [{ architecture: 'dense', activation: 'linear', weights: [2], bias: [1] }]
    const inputs = [{ name: 'x', offset: 0, scale: 1 }]
    console.log(String(Drone.from({ inputs, layers, outputs: ['y'] }, { engine: createEngine({ module }) }).predict([3])))`,
  )
  assert.is(run(process.execPath, 'module.mjs'), '7\n')
})

test('swarms and pools are entries beside the library, and share its classes', () => {
  writeFileSync(
    join(folder, 'swarm.mjs'),
    `import { readFileSync } from 'node:fs'
    import { ConfigurationError, Drone } from 'nndrone'
    import { Swarm } from 'nndrone/swarm'
    const layers = [{ architecture: 'dense', activation: 'linear', weights: [2], bias: [1] }]
    const document = { inputs: [{ name: 'x', offset: 0, scale: 1 }], layers, outputs: ['y'] }
    const module = new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('nndrone/swarm.wasm'))))
    const swarms = [new Swarm(), new Swarm({ engine: 'js' }), new Swarm({ module })]
    const scores = swarms.map((swarm) => swarm.add('one', Drone.from(document)).predict([3])[0])
    let refused
    try {
      swarms[0].add('two', '{}')
    } catch (error) {
      refused = error instanceof ConfigurationError
    }
    console.log(swarms.map((swarm) => swarm.engine).join(), scores.join(), String(refused))
    if (process.argv[2]) {
      const { Pool } = await import('nndrone/pool')
      const pool = await Pool.start(swarms[0], { workers: 1 })
      console.log(String(await pool.predictBatch(Float64Array.of(3, 4))))
    }`,
  )
  assert.is(run(process.execPath, 'swarm.mjs', 'pool'), 'simd,js,simd 7,7,7 true\n7,9\n')
  assert.is(
    run(join(root, 'node_modules/.bin/deno'), 'run', '--no-prompt', '-R', 'swarm.mjs', 'pool'),
    'simd,js,simd 7,7,7 true\n7,9\n',
  )
})

test('the types are found and strict', () => {
  writeFileSync(
    join(folder, 'typed.ts'),
    `import { Drone, distill, type Epoch, type Teacher } from 'nndrone'
    import { Pool } from 'nndrone/pool'
    import { Swarm } from 'nndrone/swarm'
    const drone: Drone = Drone.from('{}')
    const score: number = drone.predict([1, 2])
    const teacher: Teacher = drone
    const scores: Float32Array = drone.predictInto([1], new Float32Array(1))
    await distill({ events: new Float32Array(1), inputs: ['x'], teacher, onEpoch: ({ loss }: Epoch) => console.log(loss, score, scores) })
    const swarm: Swarm = new Swarm({ inputs: ['x'] }).add('one', drone)
    const all: Float32Array = await (await Pool.start(swarm, { workers: 2 })).predictBatch(swarm.predict([1]))
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
  run(process.execPath, compiler, ...options, 'typed.ts')
})

test('the command works where it is installed', () => {
  const rows = Array.from({ length: 200 }, (_, n) => `${n % 17},${(n * 7) % 13},${n % 17 > 8 ? 0.9 : 0.1}`)
  writeFileSync(join(folder, 'events.csv'), ['a,b,answer', ...rows].join('\n'))
  const command = join(folder, 'node_modules/.bin/nndrone')
  run(command, 'distill', '--target', 'answer', '--events', 'events.csv', '--out', 'drone.json', '--epochs', '20')
  const scores = run(command, 'predict', 'drone.json', '--events', 'events.csv').trim().split('\n')
  assert.is(scores.length, 201)
  assert.match(run(command, '--version'), /^\d+\.\d+\.\d+\n$/)
})

test.run()
