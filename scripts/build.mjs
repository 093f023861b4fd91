// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'debug']) run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)
const swarm = ['--target', 'release', '--outFile', 'build/swarm.wasm', '--textFile', 'build/swarm.wat']
run('assemblyscript/bin/asc.js', 'assembly/swarm.ts', ...swarm)

/** A binary as a module. In hexadecimal and not base64: what repeats in the bytes repeats in the text. */
function inline(binary, file) {
  writeFileSync(
    file,
    `// Made by scripts/build.mjs from ${binary}.
const hex = '${readFileSync(binary).toString('hex')}'

/** The bytes of the kernels. */
export function bytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}
`,
  )
}

inline('build/nndrone.wasm', 'bindings/bytes.ts')
inline('build/swarm.wasm', 'bindings/swarm-bytes.ts')

rmSync('dist', { recursive: true, force: true })
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' }
const small = { ...common, minify: true, lineLimit: 160, sourcemap: true }
await build({ ...small, entryPoints: ['bindings/entry.ts'], outfile: 'dist/index.js' })

/** Other entries: what is not their own they import from the library's, so that classes are the same in all. */
async function buildBeside(entryPoints, own, options) {
  const resolve = ({ path, kind }) => {
    if (kind === 'entry-point' || own.test(path)) return undefined
    return { path: path.endsWith('/swarm.ts') ? './swarm.js' : './index.js', external: true }
  }
  const library = { name: 'library', setup: ({ onResolve }) => onResolve({ filter: /\.ts$/ }, resolve) }
  await build({ ...small, ...options, entryPoints, outdir: 'dist', plugins: [library] })
}

await buildBeside({ swarm: 'bindings/swarm.ts' }, /swarm/)
await buildBeside({ pool: 'pool/index.ts', 'pool-worker': 'pool/worker.ts' }, /desk/, { platform: 'node' })
copyFileSync('build/swarm.wasm', 'dist/swarm.wasm')
copyFileSync('build/nndrone.wasm', 'dist/nndrone.wasm')
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
