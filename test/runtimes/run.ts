/**
 * The same bits and how fast they come, in every runtime: `npm run test:runtimes`. Fetches what is not here from npm;
 * what cannot be had is skipped by name.
 */
import { markdown, publish } from '../../bench/results.ts'
import { Packed } from '../packed.ts'
import { chromium } from './chromium.ts'
import type { Digests } from './digests.ts'
import { writeExported } from './exported.ts'
import { differing, golden } from './golden.ts'
import { commandHosts, fetchRuntimes, type Host, type Missing } from './hosts.ts'
import { writePrograms } from './programs.ts'
import { writeService } from './service.ts'
import type { Speed } from './speed.ts'
import type { Asked } from './work.ts'

const ROUNDS = 5

const packages = fetchRuntimes()
const packed = new Packed('nndrone', 'nndrone-toolkit')
await writePrograms(packed.folder)
const programs = { exported: writeExported(packed.folder), service: writeService(packed.folder) }
const browser = await chromium(packed.folder, packages)
try {
  const all = [...commandHosts(packed.folder, packages), ...browser.hosts]
  const hosts = all.filter((host): host is Host => 'run' in host)
  const missing = all.filter((host): host is Missing => 'reason' in host)
  const wrong: string[] = []
  for (const host of hosts) wrong.push(...(await check(host)))
  if (wrong.length > 0) {
    console.error([...wrong, ...missing.map(skipped)].join('\n'))
    process.exitCode = 1
  } else {
    publish('npm run test:runtimes', section(hosts, missing, await timed(hosts)))
  }
} finally {
  await browser.close()
  packed.remove()
}

/** What is not as it must be, whichever engine is asked for. */
async function check({ runtime, way, engines, run, program }: Host): Promise<string[]> {
  const name = way ? `${runtime}, ${way}` : runtime
  const wrong: string[] = []
  for (const [each, expected] of Object.entries(programs)) {
    const found = await program?.(`${each}.mjs`).catch(String)
    if (found !== undefined && found !== expected) wrong.push(`${name}: other bits in ${each}.mjs: ${found}`)
  }
  for (const [asked, engine] of Object.entries(engines)) {
    try {
      const found: Digests = JSON.parse(await run('digests', asked as Asked))
      if (found.engine !== engine) wrong.push(`${name}, ${asked}: runs by ${found.engine}, expected ${engine}`)
      wrong.push(...differing(found.digests, golden()).map((digest) => `${name}, ${asked}: other bits in ${digest}`))
    } catch (error) {
      wrong.push(`${name}, ${asked}: ${error}`)
    }
  }
  return wrong
}

/** A row for each runtime; all take turns in every round, so that a slow moment of the machine is nobody's alone. */
async function timed(hosts: readonly Host[]): Promise<string[][]> {
  const runtimes = hosts.filter(({ engines }) => engines.simd && engines.js)
  const speeds = runtimes.map(() => ({ simd: [] as Speed[], js: [] as Speed[] }))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { run }] of runtimes.entries()) {
      for (const engine of ['simd', 'js'] as const) speeds[i]![engine].push(JSON.parse(await run('speed', engine)))
    }
  }
  return runtimes.map(({ runtime }, i) => {
    const { simd, js } = speeds[i]!
    return [runtime, ...[simd, js].flatMap((found) => (['one', 'batch'] as const).map((key) => spread(found, key)))]
  })
}

/** The median of the rounds, with the least and the most. */
function spread(speeds: readonly Speed[], key: keyof Speed): string {
  const sorted = speeds.map((speed) => speed[key]).sort((a, b) => a - b)
  const shown = (i: number) => Number(sorted[i]!.toPrecision(3)).toLocaleString('en')
  return `${shown(ROUNDS >> 1)} (${shown(0)} to ${shown(ROUNDS - 1)})`
}

function section(hosts: readonly Host[], missing: readonly Missing[], rows: string[][]): string {
  const runtimes = [...new Set(hosts.map(({ runtime }) => runtime))]
  const lines = [...runtimes.map((runtime) => ran(runtime, hosts)), ...missing.map(skipped)]
  const head = ['', 'one event, simd', 'one of a batch, simd', 'one event, js', 'one of a batch, js']
  return `## Runtimes

The same ${Object.keys(golden()).length} digests of scores and of trained drones (\`test/runtimes/golden.json\`) in each of these:

${lines.join('\n')}

A drone of 6→15→1, in nanoseconds an event, of single events and of a batch of 20,000: the median of ${ROUNDS} rounds, in
which all take turns, and their least and most.

${markdown(head, rows)}`
}

/** In which ways a runtime ran, and by which engines. */
function ran(name: string, hosts: readonly Host[]): string {
  const ways = hosts
    .filter(({ runtime }) => runtime === name)
    .map(({ way, engines }) => [way, [...new Set(Object.values(engines))].join(' and ')].filter(Boolean).join(': '))
  return `- ${name}: ${ways.join('; ')}`
}

function skipped({ runtime, reason }: Missing): string {
  return `- ${runtime}: skipped (${reason})`
}
