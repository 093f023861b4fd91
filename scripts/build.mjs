// Builds the kernels (AssemblyScript), their bytes as a module, the library and the toolkit with their types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { build } from 'esbuild'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const target of ['release', 'debug']) run('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target)

writeFileSync('bindings/bytes.ts', bytesModule(readFileSync('build/nndrone.wasm')))

rmSync('dist', { recursive: true, force: true })
const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' }
await build({
  ...common,
  entryPoints: ['bindings/index.ts'],
  outfile: 'dist/index.js',
  minify: true,
  sourcemap: true,
})
copyFileSync('build/nndrone.wasm', 'dist/nndrone.wasm')
run('typescript/bin/tsc', '-p', 'scripts/tsconfig.library.json')

// The command holds the library inside, so that both are always of one version.
rmSync('toolkit/dist', { recursive: true, force: true })
const { dependencies, peerDependencies } = JSON.parse(readFileSync('toolkit/package.json', 'utf8'))
const outfile = 'toolkit/dist/nndrone.js'
await build({
  ...common,
  entryPoints: ['toolkit/nndrone.ts'],
  outfile,
  platform: 'node',
  alias: { nndrone: './bindings/index.ts' },
  external: Object.keys({ ...dependencies, ...peerDependencies }),
})

/**
 * The bytes as text, for smaller than base64 once compressed: what repeats in them repeats in it. A byte is moved by
 * `shift`; below 85 it is one character from ( to ~ then, with ! for the backslash, else one of the last two of them
 * and a second one. The shift is the one that compresses best.
 */
function bytesModule(bytes) {
  const character = (digit) => (digit === 52 ? '!' : String.fromCharCode(40 + digit))
  const pair = (digit) => character(85 + Math.floor(digit / 87)) + character(digit % 87)
  const encode = (shift) => {
    const digits = Array.from(bytes, (byte) => (byte + shift) & 255)
    return digits.map((digit) => (digit < 85 ? character(digit) : pair(digit - 85))).join('')
  }
  const size = (shift) => deflateSync(encode(shift)).length
  const shift = Array.from({ length: 256 }, (_, k) => k).reduce((best, k) => (size(k) < size(best) ? k : best))
  return `// Made by scripts/build.mjs from build/nndrone.wasm.
const text = ${JSON.stringify(encode(shift))}

const digit = (i: number) => (text[i] === '!' ? 52 : text.charCodeAt(i) - 40)

/** The bytes of the kernels. */
export function bytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(${bytes.length})
  for (let i = 0, n = 0; i < text.length; i++) {
    const first = digit(i)
    bytes[n++] = (first < 85 ? first : 85 + 87 * (first - 85) + digit(++i)) - ${shift}
  }
  return bytes
}
`
}
