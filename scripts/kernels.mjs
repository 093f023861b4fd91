// Compiles the kernels (AssemblyScript), and writes their binaries as modules.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { asText } from './binary.mjs'

/** The kernels' binaries by their targets in asconfig.json: what is compiled, and the name of the file. */
export const BINARIES = {
  simd: { source: 'index', file: 'nndrone' },
  learning: { source: 'learning', file: 'learning' },
  relaxed: { source: 'relaxed', file: 'nndrone.relaxed' },
  swarm: { source: 'swarm', file: 'swarm' },
  lines: { source: 'lines', file: 'lines' },
}

/** The kernels that a drone is exported with as a module of its own; the toolkit holds them. */
const EXPORTED = ['deep', 'sigmoid', 'tanh']

/** What the binaries were made from, so that they are not made again. */
const MADE_FROM = 'build/kernels.sha256'

const LIBRARY = 'bindings/binaries'
const TOOLKIT = 'toolkit/models/binaries/exported.ts'

/**
 * The exports of a binary as an interface, from the declarations that the compiler writes beside it. Types are published,
 * and not every host has those of WebAssembly.
 */
function kernelsOf(declarations) {
  const [, members] = declarations.match(/^declare namespace __AdaptedExports \{\n(.*?)^\}$/ms)
  return `export interface Kernels {
${members
  .replaceAll('export const', 'readonly')
  .replaceAll('export function ', '')
  .replaceAll('WebAssembly.Memory', '{ readonly buffer: ArrayBuffer }')}}
`
}

function sources() {
  const files = readdirSync('assembly', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
  return [
    ...files.sort(),
    'asconfig.json',
    'scripts/kernels.mjs',
    'scripts/binary.mjs',
    'node_modules/assemblyscript/package.json',
  ]
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

function areMadeFrom(hash) {
  const made = [
    TOOLKIT,
    ...Object.entries(BINARIES).flatMap(([target, { file }]) => [`${LIBRARY}/${target}.ts`, `build/${file}.wasm`]),
  ]
  return made.every((file) => existsSync(file)) && existsSync(MADE_FROM) && readFileSync(MADE_FROM, 'utf8') === hash
}

function compile(source, target) {
  const args = ['node_modules/assemblyscript/bin/asc.js', `assembly/${source}.ts`, '--target', target]
  execFileSync(process.execPath, args, { stdio: 'inherit' })
}

function writeLibrary(target, { source, file }) {
  compile(source, target)
  writeFileSync(
    `${LIBRARY}/${target}.ts`,
    `// build/${file}.wasm, by scripts/kernels.mjs; bindings/binary.ts reads it.
export const ${target} = ${JSON.stringify(asText(readFileSync(`build/${file}.wasm`)))}

/** What assembly/${source}.ts exports, where it is explained. */
${kernelsOf(readFileSync(`build/${file}.d.ts`, 'utf8'))}`,
  )
}

function writeExported() {
  const exported = EXPORTED.map((name) => {
    compile(`exported/${name}`, `exported/${name}`)
    return `  ${name}: '${readFileSync(`build/exported/${name}.wasm`).toString('base64')}',\n`
  })
  writeFileSync(
    TOOLKIT,
    `// build/exported/*.wasm in base64, by scripts/kernels.mjs; toolkit/models/write/wasm.ts makes modules of them.
export const KERNELS = {
${exported.join('')}} as const
`,
  )
}

/** Compiles every kernel, unless they were compiled from the same sources. */
export function compileKernels() {
  const hash = hashOf(sources())
  if (areMadeFrom(hash)) return
  mkdirSync(LIBRARY, { recursive: true })
  mkdirSync('toolkit/models/binaries', { recursive: true })
  for (const [target, binary] of Object.entries(BINARIES)) writeLibrary(target, binary)
  writeExported()
  writeFileSync(MADE_FROM, hash)
}
