/** What npm would publish, installed into an empty folder and used there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone } from '../bindings/index.ts'
import { Packed } from './packed.ts'
import { root } from './support.ts'

let packed: Packed

const test = suite('packages')

test.before(() => {
  packed = new Packed('nndrone', 'nndrone-toolkit')
})

test.after(() => packed.remove())

test('the library brings no dependency, and only what is meant to be published', () => {
  const installed = join(packed.folder, 'node_modules/nndrone')
  const names = readdirSync(installed).sort()
  assert.equal(names, ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'examples', 'package.json'])
  const dist = readdirSync(join(installed, 'dist')).filter((file) => !/^shared-\w+\.js|\.map$/.test(file))
  assert.equal(dist.sort(), [
    'drone.schema.json',
    'index.d.ts',
    'index.js',
    'learning.js',
    'learning.wasm',
    'lines.d.ts',
    'lines.js',
    'lines.wasm',
    'nndrone.relaxed.wasm',
    'nndrone.wasm',
    'pool-absent.js',
    'pool-worker.js',
    'pool.d.ts',
    'pool.js',
    'relaxed.js',
    'scored.js',
    'swarm.d.ts',
    'swarm.js',
    'swarm.wasm',
    'types',
  ])
})

const manifest = (name: string) =>
  JSON.parse(readFileSync(join(packed.folder, 'node_modules', name, 'package.json'), 'utf8'))

test('nothing is run on installing, and npm has nothing to warn of', () => {
  for (const name of ['nndrone', 'nndrone-toolkit']) {
    const { scripts, devDependencies, overrides, workspaces, private: hidden } = manifest(name)
    assert.equal([scripts, devDependencies, overrides, workspaces, hidden], Array(5).fill(undefined), name)
  }
  assert.not.match(packed.said, /warn/i)
})

test('the toolkit depends on exactly this version of the library, and does not hold it inside', () => {
  const { version } = manifest('nndrone')
  assert.is(manifest('nndrone-toolkit').dependencies.nndrone, version)
  const copies = readdirSync(join(packed.folder, 'node_modules/nndrone-toolkit'), { recursive: true }).map(String)
  assert.equal(
    copies.filter((file) => /node_modules|\.wasm$/.test(file)),
    [],
  )
  const command = readFileSync(join(packed.folder, 'node_modules/nndrone-toolkit/dist/nndrone.js'), 'utf8')
  assert.match(command, /from "nndrone"/)
  assert.not.match(command, /bindings\//)
})

/** Bytes of a bundle of what a program exports, minified and gzipped; what it imports dynamically is left out. */
async function bundled(program: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: packed.folder },
    bundle: true,
    format: 'esm',
    minify: true,
    external: ['./relaxed.js', './learning.js', './scored.js', 'node:*'],
    conditions: ['node'],
    write: false,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}

test('bundles are small, kernels included, and whoever only scores takes nothing that learns', async () => {
  const all = "export * from 'nndrone'"
  const budgets: [program: string, least: number, most: number][] = [
    ["export { Drone } from 'nndrone'", 10_000, 19_100],
    [all, 20_000, 32_000],
    [`${all}; export * from 'nndrone/swarm'; export * from 'nndrone/pool'`, 25_000, 40_000],
    ["export { LineReader, scoreLines } from 'nndrone/lines'", 8_000, 17_000],
  ]
  for (const [program, least, most] of budgets) {
    const bytes = await bundled(program)
    assert.ok(bytes <= most, `${program}: ${bytes} bytes gzipped`)
    assert.ok(bytes >= least, `${program}: ${bytes} bytes gzipped, so the kernels are not in it`)
  }
})

test('a bundle for a page scores with the same bits, and its pool says what it needs', async () => {
  const document = {
    inputs: [{ name: 'x', offset: 0.1, scale: 0.7 }],
    layers: [{ architecture: 'dense', activation: 'sigmoid', weights: [1.3], bias: [-0.2] }],
    outputs: ['y'],
  }
  packed.write(
    'page.js',
    `import { Drone } from 'nndrone'
    import { Pool } from 'nndrone/pool'
    import { Swarm } from 'nndrone/swarm'
    const drone = await Drone.load(${JSON.stringify(document)})
    const refused = await Pool.start(drone).catch(String)
    console.log(JSON.stringify([drone.engine, drone.predict([2.5]), new Swarm().add('y', drone).predict([2.5])[0], refused]))`,
  )
  await build({
    entryPoints: [join(packed.folder, 'page.js')],
    outdir: join(packed.folder, 'bundle'),
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    logLevel: 'error',
  })
  const score = Drone.from(document).predict([2.5])
  const refused =
    'ConfigurationError: Pool.start needs node:worker_threads and SharedArrayBuffer, as Node, Deno and Bun have them; elsewhere use the predictBatch of the drone or swarm'
  assert.equal(JSON.parse(packed.run(process.execPath, 'bundle/page.js')), ['simd', score, score, refused])
})

test('the schema is published, and is that of the tests', () => {
  packed.write(
    'schema.mjs',
    `import { readFileSync } from 'node:fs'
    console.log(readFileSync(new URL(import.meta.resolve('nndrone/drone.schema.json')), 'utf8').trimEnd())`,
  )
  const schema = readFileSync(join(root, 'bindings/model/drone.schema.json'), 'utf8')
  assert.is(packed.run(process.execPath, 'schema.mjs'), schema)
})

test('swarms and pools are entries beside the library, and share its classes', () => {
  packed.write(
    'swarm.mjs',
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
  assert.is(packed.run(process.execPath, 'swarm.mjs', 'pool'), 'simd,js,simd 7,7,7 true\n7,9\n')
  assert.is(
    packed.run(join(root, 'node_modules/.bin/deno'), 'run', '--no-prompt', '-R', 'swarm.mjs', 'pool'),
    'simd,js,simd 7,7,7 true\n7,9\n',
  )
})

/** Options of the compiler, as a careful user has them. */
const STRICT = [
  ...['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'],
  ...['--lib', 'es2023,dom,esnext.disposable'],
]

test('the types are found and strict', () => {
  packed.write(
    'typed.ts',
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
  packed.run(process.execPath, compiler, ...STRICT, 'typed.ts')
})

/** Events of two columns and an answer to them. */
function writeEvents(): void {
  const rows = Array.from({ length: 200 }, (_, n) => `${n % 17},${(n * 7) % 13},${n % 17 > 8 ? 0.9 : 0.1}`)
  packed.write('events.csv', ['a,b,answer', ...rows].join('\n'))
}

test("what the toolkit's library learns is a drone of the user's own library", () => {
  writeEvents()
  packed.write(
    'learn.mjs',
    `import { Drone } from 'nndrone'
    import { InputError, learn, openEvents, score } from 'nndrone-toolkit'
    const { drone } = await learn({ target: ['answer'], events: await openEvents('events.csv'), epochs: 5 })
    let count = 0
    for await (const { scores } of await score({ model: drone, events: await openEvents('events.csv') })) count += scores.length
    const refused = await openEvents('nowhere.csv').catch((error) => error)
    console.log(String([drone instanceof Drone, count, refused instanceof InputError]))`,
  )
  assert.is(packed.run(process.execPath, 'learn.mjs'), 'true,200,true\n')
})

test("the toolkit's types are found, and are those of the user's own library", () => {
  packed.write(
    'typed-toolkit.ts',
    `import { Drone } from 'nndrone'
    import { compare, learn, measureLatency, openEvents, openModel, probe, type Progress, score } from 'nndrone-toolkit'
    const teacher = await openModel('teacher.h5')
    const events = await openEvents(['a.csv', 'b.csv'], { where: 'pt > 2', missing: [-999], limit: 10 })
    const onProgress = ({ stage, done }: Progress) => console.log(stage, done)
    const result = await learn({ teacher, events, label: 'label', scaleFrom: { column: 'label', value: 1 }, onProgress })
    const drone: Drone = result.drone
    for await (const { scores } of await score({ model: drone, events, keep: ['run'] })) console.log(scores.length)
    const mse: number = (await compare({ drone, teacher, events })).mse
    const made: Float64Array = (await probe({ range: { pt: [0, 50] } })).events
    console.log(mse, made, (await measureLatency({ drone })).clock)
    // @ts-expect-error a file is opened first
    await learn({ teacher: 'teacher.h5' })`,
  )
  // As in any program for Node, its types are there.
  const node = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node']
  packed.run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), ...STRICT, ...node, 'typed-toolkit.ts')
})

test('the command works where it is installed', () => {
  writeEvents()
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
  assert.match(packed.run(command, '--version'), /^\d+\.\d+\.\d+\nengine: simd, arithmetic 1\n/)
})

test.run()
