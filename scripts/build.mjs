// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'debug']) run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)

// Hexadecimal and not base64: what repeats in the bytes repeats in the text, and is smaller once compressed.
const wasm = readFileSync('build/nndrone.wasm')
const hex = wasm.toString('hex').padEnd(Math.ceil(wasm.length / 4) * 8, '0')
writeFileSync(
  'bindings/bytes.ts',
  `// Made by scripts/build.mjs from build/nndrone.wasm.
const hex = '${hex}'

/** The bytes of the kernels; read four at a time, since a host that has just started takes its time for each. */
export function bytes(): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(hex.length / 2))
  for (let i = 0; i < hex.length; i += 8) view.setUint32(i / 2, Number.parseInt(hex.slice(i, i + 8), 16))
  return new Uint8Array(view.buffer, 0, ${wasm.length})
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
