// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'relaxed', 'debug']) {
  run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)
}

// Hexadecimal and not base64: what repeats in the bytes repeats in the text, and is smaller once compressed.
for (const [file, module] of Object.entries({ nndrone: 'bytes', 'nndrone.relaxed': 'relaxed' })) {
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
await build({
  ...common,
  entryPoints: ['bindings/index.ts', 'bindings/relaxed.ts'],
  outdir: 'dist',
  splitting: true,
  minify: true,
  lineLimit: 2000,
  sourcemap: true,
})
for (const file of ['nndrone.wasm', 'nndrone.relaxed.wasm']) copyFileSync(`build/${file}`, `dist/${file}`)
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
