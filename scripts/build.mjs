// Builds the kernels (AssemblyScript), their binaries as modules, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { asText } from './binary.mjs'

/** The kernels, and the targets of asconfig.json that make them. */
const BINARIES = { simd: 'nndrone', relaxed: 'nndrone.relaxed', swarm: 'swarm' }

/** What is imported from the package; the worker by the pool alone, and the relaxed kernels by the engine. */
const ENTRIES = {
  index: 'bindings/index.ts',
  relaxed: 'bindings/relaxed.ts',
  swarm: 'bindings/swarm.ts',
  pool: 'pool/index.ts',
  'pool-worker': 'pool/worker.ts',
}

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'relaxed']) {
  run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)
}
run('assemblyscript/bin/asc.js', 'assembly/swarm.ts', '--target', 'swarm')

mkdirSync('bindings/binaries', { recursive: true })
for (const [name, file] of Object.entries(BINARIES)) {
  writeFileSync(
    `bindings/binaries/${name}.ts`,
    `// build/${file}.wasm, by scripts/build.mjs; bindings/binary.ts reads it.
export const ${name} = ${JSON.stringify(asText(readFileSync(`build/${file}.wasm`)))}
`,
  )
}

rmSync('dist', { recursive: true, force: true })
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' }
await build({
  ...common,
  entryPoints: ENTRIES,
  outdir: 'dist',
  splitting: true,
  external: ['node:*'],
  chunkNames: 'shared-[hash]',
  minify: true,
  sourcemap: true,
})
for (const file of Object.values(BINARIES)) copyFileSync(`build/${file}.wasm`, `dist/${file}.wasm`)
run('typescript/bin/tsc', '-p', 'scripts/tsconfig.library.json')
for (const name of ['index', 'swarm', 'pool']) {
  writeFileSync(`dist/${name}.d.ts`, `export * from './types/${ENTRIES[name].replace(/\.ts$/, '.js')}'\n`)
}

// The command holds the library inside, so that both are always of one version.
rmSync('toolkit/dist', { recursive: true, force: true })
const { dependencies, peerDependencies } = JSON.parse(readFileSync('toolkit/package.json', 'utf8'))
await build({
  ...common,
  // The second is the program of the processes that readers of other people's libraries run in.
  entryPoints: { nndrone: 'toolkit/nndrone.ts', isolation: 'toolkit/isolation/main.ts' },
  outdir: 'toolkit/dist',
  splitting: true,
  chunkNames: 'shared-[hash]',
  platform: 'node',
  alias: { nndrone: './bindings/index.ts' },
  external: Object.keys({ ...dependencies, ...peerDependencies }),
})
