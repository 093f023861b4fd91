/** The types that are published, as consumers with other hosts and compilers see them, and what they explain. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as library from '../bindings/index.ts'
import * as swarm from '../bindings/swarm.ts'
import * as pool from '../pool/index.ts'
import { Packed } from './packed.ts'
import { root } from './support.ts'

/** By the versions that are tested always, and those of `npm run check:types`. */
const TYPESCRIPTS = [
  '5.4.5',
  ...(process.env.NNDRONE_LONG ? ['5.5.4', '5.6.3', '5.7.3', '5.8.3', '5.9.3', '6.0.3'] : []),
]

interface Host {
  name: string
  programs: string[]
  /** Beside that of ECMAScript 2022. */
  lib?: string
  types?: string
}

const HOSTS: Host[] = [
  { name: 'no host', programs: ['anywhere'] },
  { name: 'the DOM', programs: ['anywhere', 'browser'], lib: 'dom' },
  { name: 'Node', programs: ['anywhere', 'node'], types: 'node' },
  { name: "Cloudflare's workers", programs: ['anywhere', 'worker'], types: '@cloudflare/workers-types' },
]

let packed: Packed

const test = suite('types')

test.before(() => {
  packed = new Packed('nndrone')
  const compilers = TYPESCRIPTS.map((version) => `typescript-${version}@npm:typescript@${version}`)
  packed.install('@types/node@20.19.43', '@cloudflare/workers-types@5.20261117.1', ...compilers)
  for (const file of readdirSync(join(root, 'test/types'))) {
    packed.write(file, readFileSync(join(root, 'test/types', file)))
  }
})

test.after(() => packed.remove())

/** What a compiler says of programs. */
function compiled(compiler: string, { programs, lib, types }: Host): string {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022', ...(lib ? [lib] : [])],
    types: types ? [types] : [],
  }
  packed.write('tsconfig.json', JSON.stringify({ compilerOptions, files: programs.map((name) => `${name}.ts`) }))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(compiler, 'bin/tsc'), '-p', '.', '--pretty', 'false'],
    {
      cwd: packed.folder,
      encoding: 'utf8',
    },
  )
  return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`
}

for (const version of [...TYPESCRIPTS, 'own']) {
  for (const host of HOSTS) {
    test(`TypeScript ${version} with the types of ${host.name}`, () => {
      const own = join(root, 'node_modules/typescript')
      const compiler = version === 'own' ? own : join(packed.folder, `node_modules/typescript-${version}`)
      assert.is(compiled(compiler, host), '')
    })
  }
}

test('a wrong program is refused, so that the other tests can fail', () => {
  packed.write('wrong.ts', "import { Drone } from 'nndrone'\nDrone.from('{}').predict('1')\n")
  const said = compiled(join(root, 'node_modules/typescript'), { name: 'no host', programs: ['wrong'] })
  assert.is(
    said,
    "wrong.ts(2,26): error TS2345: Argument of type 'string' is not assignable to parameter of type 'Row'.\n",
  )
})

const declarations = () =>
  readdirSync(join(root, 'dist/types'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => readFileSync(join(root, 'dist/types', file), 'utf8'))

const DOCUMENTED = String.raw`\/\*\*(?:(?!\*\/)[^])*@example(?:(?!\*\/)[^])*\*\/\s*`

test('every function, class and constant has an example, and so has every method', () => {
  const texts = declarations()
  for (const [name, value] of Object.entries({ ...library, ...swarm, ...pool })) {
    const declared = new RegExp(`export (?:declare )?(?:function|class|const) ${name}\\b`)
    const text = texts.find((each) => new RegExp(DOCUMENTED + declared.source).test(each))
    assert.ok(text, `${name} has no @example`)
    if (typeof value !== 'function' || !value.prototype || Object.create(value.prototype) instanceof Error) continue
    const body = text.slice(text.search(declared)).split(/^}/m)[0]!
    for (const [, method] of body.matchAll(/^ {4}(?:static )?(\w+)(?:<.*?>)?\(/gm)) {
      if (method === 'constructor') continue
      const named = new RegExp(`${DOCUMENTED}(?:static )?${method}\\b`)
      assert.match(body, named, `${name}.${method} has no @example`)
    }
  }
})

test.run()
