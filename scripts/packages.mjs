// Writes what is published, a folder a package, after scripts/build.mjs: `npm run pack` makes archives of them. Their
// manifests hold nothing that is for development alone; a script that npm runs on installing would make it warn.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const OUT = 'build/packages'
const DEVELOPMENT = ['private', 'scripts', 'devDependencies', 'overrides', 'workspaces']

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** Copies the files that a manifest names, and those that npm always packs, beside the manifest given. */
function writePackage(from, manifest) {
  const folder = join(OUT, manifest.name)
  mkdirSync(folder, { recursive: true })
  for (const file of ['README.md', 'LICENSE', ...manifest.files]) {
    cpSync(join(from, file), join(folder, file), { recursive: true })
  }
  const published = Object.entries(manifest).filter(([key]) => !DEVELOPMENT.includes(key))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(Object.fromEntries(published), null, 2)}\n`)
}

rmSync(OUT, { recursive: true, force: true })
const library = read('.')
const toolkit = read('toolkit')
if (toolkit.version !== library.version) {
  throw new Error(`toolkit/package.json: version ${toolkit.version}, expected ${library.version} as in package.json`)
}
writePackage('.', library)
// In the workspace the library is a link to the root; whoever installs the toolkit gets exactly this version.
writePackage('toolkit', { ...toolkit, dependencies: { ...toolkit.dependencies, nndrone: library.version } })
