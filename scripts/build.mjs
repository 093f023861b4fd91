// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

if (existsSync('toolkit/nndrone.ts')) {
  rmSync('toolkit/dist', { recursive: true, force: true })
  const outfile = 'toolkit/dist/nndrone.js'
  await build({ ...common, entryPoints: ['toolkit/nndrone.ts'], outfile, platform: 'node', packages: 'external' })
  chmodSync(outfile, 0o755)
}
