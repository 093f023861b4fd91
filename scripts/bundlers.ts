/**
 * Programs for each bundler, from packed tarballs, built and run: `npm run check:bundlers`. A bundle for browsers scores
 * with the bits of Node, and its pool says what it needs; in workerd, which compiles no bytes, the kernels come as a
 * module, and a plain `load` falls back to `js`.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Packed } from '../test/packed.ts'

const PACKAGES = ['esbuild@0.28.2', 'vite@8.3.8', 'webpack@5.112.2', 'webpack-cli@7.3.1', 'rollup@4.68.8']
const PLUGIN = '@rollup/plugin-node-resolve@16.0.3'
const WORKERD = 'miniflare@4.20260730.0'

/** Scores an event in every way that a page would, and prints it. */
const PAGE = `
  import { Drone } from 'nndrone'
  import { Pool } from 'nndrone/pool'
  import { Swarm } from 'nndrone/swarm'
  import document from './drone.json'
  const row = [0.3, -1.2, 2.5]
  const drone = await Drone.load(document)
  const relaxed = await Drone.load(document, { engine: 'relaxed' }).then(({ engine }) => engine, () => 'none')
  const swarm = new Swarm().add('one', drone)
  const refused = await Pool.start(drone).catch((error) => error.message)
  console.log(JSON.stringify([drone.engine, drone.predict(row), swarm.predict(row)[0], refused.slice(0, 46)]))
  console.error(relaxed)
`

const BUNDLERS: Record<string, string[]> = {
  esbuild: ['esbuild', 'page.js', '--bundle', '--format=esm', '--splitting', '--minify', '--outdir=dist/esbuild'],
  vite: ['vite', 'build', '--logLevel', 'warn'],
  webpack: ['webpack', '--config', 'webpack.config.mjs'],
  rollup: ['rollup', '--silent', '--config', 'rollup.config.mjs'],
}

const FILES: Record<string, string> = {
  'page.js': PAGE,
  'vite.config.mjs': `export default {
    build: {
      outDir: 'dist/vite', minify: true, target: 'es2022',
      rollupOptions: { input: 'page.js', output: { entryFileNames: 'page.js' } },
    },
  }`,
  'webpack.config.mjs': `export default {
    mode: 'production', target: ['web', 'es2022'], entry: './page.js', devtool: false,
    output: { path: import.meta.dirname + '/dist/webpack', filename: 'page.js', module: true, chunkFormat: 'module', publicPath: 'auto' },
    experiments: { outputModule: true },
  }`,
  'rollup.config.mjs': `import resolve from '@rollup/plugin-node-resolve'
    const json = { name: 'json', transform: (text, id) => id.endsWith('.json') ? { code: 'export default ' + text } : null }
    export default {
      input: 'page.js', plugins: [resolve({ browser: true }), json],
      output: { dir: 'dist/rollup', format: 'es', entryFileNames: 'page.js' },
    }`,
  'worker.js': `
    import { createEngine, Drone } from 'nndrone'
    import { Pool } from 'nndrone/pool'
    import document from './drone.json'
    import module from './nndrone.wasm'
    export default {
      async fetch() {
        const row = [0.3, -1.2, 2.5]
        const plain = await Drone.load(document)
        const given = Drone.from(document, { engine: createEngine({ module }) })
        const refused = await Pool.start(plain).catch((error) => error.message)
        return Response.json([plain.engine, plain.predict(row), given.engine, given.predict(row), refused.slice(0, 46)])
      },
    }`,
  'workerd.mjs': `
    import { readFileSync } from 'node:fs'
    import { Miniflare } from 'miniflare'
    const contents = readFileSync('nndrone.wasm')
    const modules = [
      { type: 'ESModule', path: 'worker.js', contents: readFileSync('dist/workerd/worker.js', 'utf8') },
      { type: 'CompiledWasm', path: 'nndrone.wasm', contents },
    ]
    const host = new Miniflare({ modules, compatibilityDate: '2026-01-01', handleRuntimeStdio(out, err) { err.resume(); out.resume() } })
    console.log(await (await host.dispatchFetch('http://localhost/')).text())
    await host.dispose()`,
}

const document = {
  inputs: ['x0', 'x1', 'x2'].map((name) => ({ name, offset: 0.1, scale: 0.7 })),
  layers: [
    { architecture: 'dense', activation: 'tanh', weights: [0.3, -0.4, 0.5, 0.9, 0.2, -0.7], bias: [0.1, -0.2] },
    { architecture: 'dense', activation: 'sigmoid', weights: [1.5, -0.8], bias: [0.3] },
  ],
  outputs: ['y'],
}

function check(name: string, printed: string, expected: unknown): void {
  const text = JSON.stringify(expected)
  if (printed.trim() !== text) throw new Error(`${name}: printed ${printed.trim()}, expected ${text}`)
  console.log(`${name}: ${text}`)
}

const packed = new Packed('nndrone')
try {
  packed.write('drone.json', JSON.stringify(document))
  for (const [file, text] of Object.entries(FILES)) packed.write(file, text)
  packed.write('nndrone.wasm', readFileSync(join(packed.folder, 'node_modules/nndrone/dist/nndrone.wasm')))
  packed.write(
    'node.mjs',
    "import { Drone } from 'nndrone'; import { readFileSync } from 'node:fs'; console.log(Drone.from(readFileSync('drone.json')).predict([0.3, -1.2, 2.5]))",
  )
  const score = Number(packed.run(process.execPath, 'node.mjs'))
  const refused = 'Pool.start needs node:worker_threads and Share'
  packed.install(...PACKAGES, PLUGIN, WORKERD)
  for (const [name, [bin, ...args]] of Object.entries(BUNDLERS)) {
    packed.run(join(packed.folder, 'node_modules/.bin', bin!), ...args)
    check(name, packed.run(process.execPath, `dist/${name}/page.js`), ['simd', score, score, refused])
  }
  const workerd = [
    'worker.js',
    '--bundle',
    '--format=esm',
    '--outdir=dist/workerd',
    '--external:*.wasm',
    '--conditions=workerd,worker,browser',
  ]
  execFileSync(join(packed.folder, 'node_modules/.bin/esbuild'), workerd, { cwd: packed.folder, stdio: 'inherit' })
  check('workerd', packed.run(process.execPath, 'workerd.mjs'), ['js', score, 'simd', score, refused])
} finally {
  packed.remove()
}
