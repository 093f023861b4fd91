/** Who imports whom: no circle of files, and one direction. Imports of types count. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { circles, importsOf } from './imports.ts'
import { root } from './support.ts'

/** The folders from below to above, a file by the first that it matches: none imports anything of a later one. */
const LAYERS = [
  /^bindings\//,
  /^pool\//,
  /^toolkit\/(?!(jobs|cli|service|stream|report|page)\/|index\.ts$)/,
  /^toolkit\/jobs\//,
  /^toolkit\//,
]

const test = suite('structure')
const imports = importsOf('bindings', 'pool', 'toolkit')

test('every import is that of a file that is there', () => {
  assert.ok(imports.size > 200, `${imports.size} files`)
  for (const [file, paths] of imports) {
    for (const path of paths) assert.ok(imports.has(path), `${file} imports ${path}`)
  }
})

test('no circle of files', () => {
  assert.equal(circles(imports), [])
  const example = { a: ['b', 'd'], b: ['c'], c: ['b', 'd'], d: [], e: ['e', 'a'] }
  assert.equal(circles(new Map(Object.entries(example))), ['b → c → b', 'e → e'])
})

test('imports run one way: shells, jobs, the rest of the toolkit, library; and pool, library', () => {
  const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.test(file))
  for (const [file, paths] of imports) {
    for (const path of paths) assert.ok(layerOf(path) <= layerOf(file), `${file} imports ${path}`)
  }
})

test('a network and its arithmetic know nothing of who runs or trains them', () => {
  const known = /^bindings\/((model|arithmetic)\/|errors\.ts|engines\/api\.ts)/
  for (const [file, paths] of imports) {
    if (!/^bindings\/(model|arithmetic)\//.test(file)) continue
    for (const path of paths) assert.match(path, known, `${file} imports ${path}`)
  }
})

test('jobs know no command line, no terminal and no process', () => {
  for (const file of [...imports.keys()].filter((file) => file.startsWith('toolkit/jobs/'))) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const alien of [/\bprocess\./, /'commander'/, /'cli-progress'/, /(^|[^-\w/])--[a-z]/m]) {
      assert.not.match(text, alien, file)
    }
  }
})

test.run()
