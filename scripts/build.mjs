// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'relaxed', 'debug']) {
  run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)
}
run('assemblyscript/bin/asc.js', 'assembly/swarm.ts', '--target', 'swarm')

// Hexadecimal and not base64: what repeats in the bytes repeats in the text, and is smaller once compressed.
const modules = { nndrone: 'bytes', 'nndrone.relaxed': 'relaxed', swarm: 'swarm-bytes' }
for (const [file, module] of Object.entries(modules)) {
  writeFileSync(
    `bindings/${module}.ts`,
    `// The bytes of build/${file}.wasm, by scripts/build.mjs.
export const hex: string =
  '${readFileSync(`build/${file}.wasm`).toString('hex')}'
`,
  )
}

rmSync('dist', { recursive: true, force: true })
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' }
const small = { ...common, outdir: 'dist', splitting: true, minify: true, lineLimit: 2000, sourcemap: true }
await build({ ...small, entryPoints: { index: 'bindings/entry.ts', relaxed: 'bindings/relaxed.ts' } })

/** Other entries: what is not their own they import from the library's, so that classes are the same in all. */
async function buildBeside(entryPoints, own, options) {
  const resolve = ({ path, kind }) => {
    if (kind === 'entry-point' || own.test(path)) return undefined
    return { path: path.endsWith('/swarm.ts') ? './swarm.js' : './index.js', external: true }
  }
  const library = { name: 'library', setup: ({ onResolve }) => onResolve({ filter: /\.ts$/ }, resolve) }
  await build({ ...small, ...options, entryPoints, splitting: false, plugins: [library] })
}

await buildBeside({ swarm: 'bindings/swarm.ts' }, /swarm/)
await buildBeside({ pool: 'pool/index.ts', 'pool-worker': 'pool/worker.ts' }, /desk/, { platform: 'node' })
for (const file of Object.keys(modules)) copyFileSync(`build/${file}.wasm`, `dist/${file}.wasm`)
run('typescript/bin/tsc', '-p', 'scripts/tsconfig.library.json')

// The command holds the library inside, so that both are always of one version.
rmSync('toolkit/dist', { recursive: true, force: true })
const { dependencies } = JSON.parse(readFileSync('toolkit/package.json', 'utf8'))
const outfile = 'toolkit/dist/nndrone.js'
await build({
  ...common,
  entryPoints: ['toolkit/nndrone.ts'],
  outfile,
  platform: 'node',
  alias: { nndrone: './bindings/index.ts' },
  external: Object.keys(dependencies),
})
