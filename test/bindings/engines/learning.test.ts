/** Where learning happens: in a memory of its own, by kernels that a host may have to be given. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { SimdEngine } from '../../../bindings/engines/simd.ts'
import { ConfigurationError, createEngine, distill } from '../../../bindings/index.ts'
import { randomNumbers, root, seeded } from '../../support.ts'

const compiled = (file: string) => new WebAssembly.Module(readFileSync(join(root, 'build', file)))

function lesson(count: number) {
  const events = randomNumbers(seeded(1), count * 2)
  const targets = Float32Array.from({ length: count }, (_, n) => (events[2 * n]! > events[2 * n + 1]! ? 0.9 : 0.1))
  return { events, targets, inputs: ['a', 'b'], epochs: 3 }
}

/** The messages that a Node prints that has the kernels, but may not compile any; each script returns one. */
function whereCompilingIsForbidden(...scripts: string[]): string[] {
  const program = `
    import { readFileSync } from 'node:fs'
    import { createEngine, distill, Drone } from ${JSON.stringify(join(root, 'dist/index.js'))}
    const compiled = (file) => new WebAssembly.Module(readFileSync(${JSON.stringify(join(root, 'dist/'))} + file))
    const [module, learning] = [compiled('nndrone.wasm'), compiled('learning.wasm')]
    const forbidden = () => { throw new WebAssembly.CompileError('disallowed by embedder') }
    WebAssembly.Module = new Proxy(WebAssembly.Module, { construct: forbidden })
    WebAssembly.compile = async () => forbidden()
    const events = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i))
    const targets = Float32Array.from({ length: 200 }, (_, n) => (events[2 * n] > events[2 * n + 1] ? 0.9 : 0.1))
    const learnt = async (engine) => {
      try {
        const { drone } = await distill({ events, targets, inputs: ['a', 'b'], epochs: 3, engine })
        return drone.engine + ' ' + JSON.stringify(drone)
      } catch (error) {
        return error.name + ': ' + error.message
      }
    }
    const said = []
    ${scripts.map((script) => `said.push(await (${script}))`).join('\n')}
    console.log(JSON.stringify(said))
  `
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }))
}

const test = suite('engines: learning')

test('a host that forbids compiling learns by the kernels that it is given, to the same bits', () => {
  const [own, given] = whereCompilingIsForbidden('learnt()', 'learnt(createEngine({ module, learning }))')
  assert.match(own!, /^js \{/)
  assert.is(given!, own!.replace('js', 'simd'))
})

test('where they are not given, distill says what is missing', () => {
  const [said] = whereCompilingIsForbidden('learnt(createEngine({ module }))')
  assert.is(
    said,
    'ConfigurationError: learning: none, and this host does not compile WebAssembly; createEngine({ module, learning }) takes the compiled module of nndrone/learning.wasm',
  )
})

test('a module of another kind is refused by the name of the option', () => {
  const cases: [options: object, message: string][] = [
    [{ module: 'nndrone.wasm' }, 'module: "nndrone.wasm", expected a WebAssembly.Module'],
    [{ learning: {} }, 'learning: an object, expected a WebAssembly.Module'],
    [
      { module: compiled('swarm.wasm') },
      'module: a module without the kernel predict, expected that of nndrone/nndrone.wasm',
    ],
    [
      { engine: 'relaxed', module: compiled('nndrone.wasm') },
      'module: a module without the kernel train, expected that of nndrone/nndrone.relaxed.wasm',
    ],
    [
      { learning: compiled('nndrone.wasm') },
      'learning: a module without the kernel train, expected that of nndrone/learning.wasm',
    ],
  ]
  for (const [options, message] of cases) {
    assert.throws(
      () => createEngine(options),
      (error: Error) => error instanceof ConfigurationError && error.message === message,
      message,
    )
  }
})

test('training takes no memory of the engine that scores', async () => {
  const engine = createEngine({ engine: 'simd' }) as SimdEngine
  const run = async (count: number) => {
    const { drone } = await distill({ ...lesson(count), engine })
    assert.is(drone.predict([1, 2]) > 0, true)
    return engine.kernels.memory.buffer.byteLength
  }
  const few = await run(100)
  assert.is(await run(50_000), few)
})

test('runs beside each other, and many in a row, each have a memory that goes with them', async () => {
  const engine = createEngine({ engine: 'simd' })
  const run = async () => JSON.stringify((await distill({ ...lesson(60), engine })).drone)
  const alone = await run()
  for (let round = 0; round < 20; round++) {
    const together = await Promise.all(Array.from({ length: 50 }, run))
    assert.ok(together.every((json) => json === alone))
  }
})

test.run()
