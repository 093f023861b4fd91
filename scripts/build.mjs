// Builds the kernels, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { BINARIES, compileKernels } from './kernels.mjs'
import { buildPage } from './page.mjs'

/**
 * What is imported from the package; the worker by the pool alone, what learns by `distill`, what a stream puts out by
 * `transform`, the relaxed kernels by the engine, and the absent pool instead of the pool where there are no workers.
 */
const ENTRIES = {
  index: 'bindings/index.ts',
  relaxed: 'bindings/relaxed.ts',
  learning: 'bindings/learning.ts',
  scored: 'bindings/scored.ts',
  swarm: 'bindings/swarm.ts',
  lines: 'bindings/lines.ts',
  pool: 'pool/index.ts',
  'pool-absent': 'pool/absent.ts',
  'pool-worker': 'pool/worker.ts',
}

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

compileKernels()

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
for (const { file } of Object.values(BINARIES)) copyFileSync(`build/${file}.wasm`, `dist/${file}.wasm`)
copyFileSync('bindings/model/drone.schema.json', 'dist/drone.schema.json')
run('typescript/bin/tsc', '-p', 'scripts/tsconfig.library.json')
for (const name of ['index', 'swarm', 'lines', 'pool']) {
  writeFileSync(`dist/${name}.d.ts`, `export * from './types/${ENTRIES[name].replace(/\.ts$/, '.js')}'\n`)
}

// The toolkit imports the library, as its users do: what the two hand each other is of the same classes.
rmSync('toolkit/dist', { recursive: true, force: true })
const { dependencies, peerDependencies } = JSON.parse(readFileSync('toolkit/package.json', 'utf8'))
await build({
  ...common,
  entryPoints: {
    index: 'toolkit/index.ts',
    nndrone: 'toolkit/cli/main.ts',
    service: 'toolkit/service/index.ts',
    // The program of the processes that readers of other people's libraries run in.
    isolation: 'toolkit/isolation/main.ts',
    // The program of the threads of predict --workers.
    worker: 'toolkit/cli/workers/worker.ts',
    // The program of the thread in which the service grows a drone.
    growing: 'toolkit/service/growing.ts',
  },
  outdir: 'toolkit/dist',
  splitting: true,
  chunkNames: 'shared-[hash]',
  platform: 'node',
  external: Object.keys({ ...dependencies, ...peerDependencies }),
})
await buildPage(common, 'toolkit/dist/page')
run('typescript/bin/tsc', '-p', 'scripts/tsconfig.toolkit.json')
writeFileSync('toolkit/dist/index.d.ts', "export * from './types/index.js'\n")
writeFileSync('toolkit/dist/service.d.ts', "export * from './types/service/index.js'\n")
