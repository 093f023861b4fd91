/** What the library promises by what it does not use. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../support.ts'

function sources(folder: string): { file: string; text: string }[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes('node_modules') && !file.includes('dist'))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') }))
}

/** Without comments, which may name what the code must not use. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
}

function imports(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
}

const test = suite('imports')

test('the library is self-contained: its own files, and the loader that is bundled', () => {
  const files = sources('bindings')
  assert.ok(files.length > 15)
  for (const { file, text } of files) {
    for (const name of imports(text)) {
      assert.ok(/^\.\.?\//.test(name) || name === '@assemblyscript/loader', `${file} imports ${name}`)
      assert.not.match(name, /toolkit|assembly\//, file)
    }
  }
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  assert.is(dependencies, undefined)
})

test('the toolkit knows the library by its package alone', () => {
  for (const { file, text } of sources('toolkit')) {
    for (const name of imports(text)) assert.not.match(name, /bindings|assembly/, `${file} imports ${name}`)
  }
})

test('no function of the host that may round as it likes', () => {
  const exact = new Set(['fround', 'abs', 'sqrt', 'floor', 'imul', 'min', 'max', 'ceil', 'round', 'LN2'])
  for (const { file, text } of sources('bindings')) {
    for (const [, name] of code(text).matchAll(/\bMath\.(\w+)/g))
      assert.ok(exact.has(name!), `${file} uses Math.${name}`)
    assert.not.match(code(text).replace(/2 \*\* -?\d+/g, ''), /\w \*\* [a-z]|Math\.random|Date\.now|toLocale/, file)
  }
})

test('only one file of the library touches WebAssembly', () => {
  const touching = sources('bindings').filter(({ text }) =>
    /new WebAssembly|WebAssembly\.(compile|instantiate)/.test(text),
  )
  assert.equal(
    touching.map(({ file }) => file),
    ['bindings/engines/modules.ts'],
  )
})

test('kernels keep no state of their own but the allocator, and import nothing', () => {
  for (const { file, text } of sources('assembly')) {
    if (file !== 'assembly/heap.ts') assert.not.match(text, /^(export )?let /m, file)
    for (const name of imports(text)) {
      assert.match(name, /^\.\.?\//, file)
      assert.match(join(dirname(file), name), /^assembly\//, `${file} imports ${name}`)
    }
  }
  for (const file of ['nndrone', 'learning', 'swarm', 'lines']) {
    const module = new WebAssembly.Module(readFileSync(join(root, `build/${file}.wasm`)))
    assert.equal(WebAssembly.Module.imports(module), [])
  }
})

test.run()
