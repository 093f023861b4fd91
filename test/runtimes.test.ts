/** The packed library gives the committed bits in the runtimes that are here: Node and Deno. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Packed } from './packed.ts'
import type { Digests } from './runtimes/digests.ts'
import { differing, golden } from './runtimes/golden.ts'
import { writePrograms } from './runtimes/programs.ts'
import { root } from './support.ts'

const deno = join(root, 'node_modules/.bin/deno')

let packed: Packed

/** What the program for any runtime prints must be the committed digests, by the engine that is meant. */
function check(engine: string, command: string, ...args: string[]): void {
  const found: Digests = JSON.parse(packed.run(command, ...args))
  assert.is(found.engine, engine)
  assert.equal(differing(found.digests, golden()), [], `${command} ${args.join(' ')}`)
}

const test = suite('runtimes')

test.before(async () => {
  packed = new Packed('nndrone')
  await writePrograms(packed.folder)
})

test.after(() => packed.remove())

test('Node, its WebAssembly switched off, and its worker threads give the same bits', () => {
  for (const engine of ['simd', 'js']) check(engine, process.execPath, 'command.mjs', 'digests', engine)
  check('simd', process.execPath, 'command.mjs', 'digests', 'host')
  check('js', process.execPath, '--jitless', 'command.mjs', 'digests', 'host')
  check('simd', process.execPath, 'thread.mjs', 'digests', 'host')
})

test('Deno gives the same bits, and the library asks it for no permission', () => {
  for (const engine of ['simd', 'js']) check(engine, deno, 'run', '--no-prompt', 'command.mjs', 'digests', engine)
})

test('the bare kernels are exported, and run as a module that was compiled before', () => {
  check('simd', process.execPath, 'command.mjs', 'digests', 'module')
  check('simd', deno, 'run', '--no-prompt', '--allow-read', 'command.mjs', 'digests', 'module')
})

test('a bundle for browsers holds the library and imports nothing', () => {
  const bundle = readFileSync(join(packed.folder, 'page.js'), 'utf8')
  assert.not.match(bundle, /^import |import\(|require\(|node:/m)
})

test.run()
