/** Who imports whom: no circle of files, and one direction. Imports of types count. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from './support.ts'

/** Circles that are still there, each by its files in order. The list may only become shorter. */
const KNOWN_CIRCLES: string[][] = [
  ['toolkit/cli/distill.ts', 'toolkit/cli/lesson.ts', 'toolkit/cli/report.ts'],
  ['toolkit/teachers/keras/layer.ts', 'toolkit/teachers/keras/weights.ts'],
]

/** The folders from below to above, a file by the first that it matches: none imports anything of a later one. */
const LAYERS = [
  /^bindings\//,
  /^pool\//,
  /^toolkit\/(?!(jobs|cli|service|stream|report)\/|(index|nndrone)\.ts$)/,
  /^toolkit\/jobs\//,
  /^toolkit\//,
]

type Graph = ReadonlyMap<string, readonly string[]>

/** The files of the library, the pool and the toolkit, each with the files of them that it imports. */
function readGraph(): Graph {
  const files = ['bindings', 'pool', 'toolkit'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(file))
      .map((file) => join(folder, file)),
  )
  return new Map(files.map((file) => [file, importsOf(file)]))
}

function importsOf(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*/gm, '')
  const names = [...code.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name!)
  return names.flatMap((name) => {
    if (name === 'nndrone') return ['bindings/index.ts']
    return /^\..*\.ts$/.test(name) ? [join(file, '..', name)] : []
  })
}

/** Groups of files that all reach each other (Tarjan's strongly connected components of more than one file). */
function circlesOf(graph: Graph): string[][] {
  const found: string[][] = []
  const index = new Map<string, number>()
  const path: string[] = []
  const visit = (file: string): number => {
    const mine = index.size
    index.set(file, mine)
    path.push(file)
    let low = mine
    for (const next of graph.get(file) ?? []) {
      const seen = index.get(next)
      if (seen === undefined) low = Math.min(low, visit(next))
      else if (path.includes(next)) low = Math.min(low, seen)
    }
    if (low === mine) {
      const group = path.splice(path.indexOf(file)).sort()
      if (group.length > 1 || graph.get(file)?.includes(file)) found.push(group)
    }
    return low
  }
  for (const file of graph.keys()) if (!index.has(file)) visit(file)
  return found.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}

const test = suite('structure')
const graph = readGraph()

test('every import is that of a file that is there', () => {
  for (const [file, imports] of graph) {
    for (const name of imports) assert.ok(graph.has(name), `${file} imports ${name}`)
  }
  assert.ok(graph.size > 100)
})

test('circles are found, in graphs that have some', () => {
  const example = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['e']],
    ['e', []],
    ['f', ['f', 'a']],
  ])
  assert.equal(circlesOf(example), [['a', 'b', 'c'], ['f']])
})

test('no circle of files', () => {
  assert.equal(circlesOf(graph), KNOWN_CIRCLES)
})

test('imports run one way: shells, jobs, the rest of the toolkit, library; and pool, library', () => {
  const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.test(file))
  for (const [file, imports] of graph) {
    for (const name of imports) assert.ok(layerOf(name) <= layerOf(file), `${file} imports ${name}`)
  }
})

test('a network and its arithmetic know nothing of who runs or trains them', () => {
  for (const [file, imports] of graph) {
    if (!/^bindings\/(model|arithmetic)\//.test(file)) continue
    for (const name of imports) {
      assert.match(name, /^bindings\/((model|arithmetic)\/|errors\.ts|engines\/api\.ts)/, `${file} imports ${name}`)
    }
  }
})

test.run()
