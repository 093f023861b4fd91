// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'debug']) run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)

const base64 = readFileSync('build/nndrone.wasm').toString('base64')
writeFileSync(
  'bindings/bytes.ts',
  `// Made by scripts/build.mjs from build/nndrone.wasm.
const base64 = '${base64}'

/** The bytes of the kernels. */
export function bytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
`,
)

rmSync('dist', { recursive: true, force: true })
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' }
await build({
  ...common,
  entryPoints: ['bindings/index.ts'],
  outfile: 'dist/index.js',
  minify: true,
  lineLimit: 160,
  sourcemap: true,
})
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
chmodSync(outfile, 0o755)
