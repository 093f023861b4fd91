/**
 * What the library adds to the start of a process: `npm run bench:start`. Starts of Node that import it and score their
 * first event take turns with starts that do nothing. Fails where that is more than its budget.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Drone, Random } from '../bindings/index.ts'
import { randomNetwork } from '../test/networks.ts'
import { markdown, publish } from './results.ts'

const ROUNDS = 75

/** In ms, for `Drone.from` and `Drone.load` by the engine that the host has. */
const BUDGET = 15

const document = JSON.stringify(Drone.from(randomNetwork(new Random(1), { widths: [6, 15, 1] })))
const library = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const scoring = (drone: string) => `import { Drone } from ${JSON.stringify(library)}
const drone = ${drone}
if (!(drone.predict([1, 2, 3, 4, 5, 6]) > 0)) throw new Error('no score')`

const programs = {
  'an empty module': '',
  'import alone': `import ${JSON.stringify(library)}`,
  'Drone.from': scoring(`Drone.from(${document})`),
  'Drone.load': scoring(`await Drone.load(${document})`),
  'Drone.from, js': scoring(`Drone.from(${document}, { engine: 'js' })`),
}
const names = Object.keys(programs)

const folder = mkdtempSync(join(tmpdir(), 'nndrone-start-'))
for (const [i, program] of Object.values(programs).entries()) writeFileSync(join(folder, `${i}.mjs`), program)
const rounds = Array.from({ length: ROUNDS }, () => names.map((_, i) => start(join(folder, `${i}.mjs`))))
rmSync(folder, { recursive: true })

/** Milliseconds from start to end. */
function start(file: string): number {
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [file])
  const took = performance.now() - began
  if (status !== 0) throw new Error(`${file}: ${stderr}`)
  return took
}

/** Milliseconds of program i, over the empty one's of the same round unless it is that: the smallest first. */
function times(i: number): number[] {
  return rounds.map((round) => round[i]! - (i > 0 ? round[0]! : 0)).sort((a, b) => a - b)
}

const quartile = (sorted: number[], k: number) => sorted[Math.floor((k / 4) * (ROUNDS - 1))]!
const rows = names.map((name, i) => [name, ...[2, 1, 3].map((k) => quartile(times(i), k).toFixed(1))])
const over = ['Drone.from', 'Drone.load'].filter((name) => quartile(times(names.indexOf(name)), 2) > BUDGET)

publish(
  'npm run bench:start',
  `## The start

A Node that does nothing, in milliseconds, and what others take more: those that import the library, read a drone of
6→15→1 and score one event. Medians and quartiles of ${ROUNDS} rounds in which all take turns. At most ${BUDGET} is the budget.

${markdown(['', 'median', 'first quartile', 'third'], rows)}`,
)
if (over.length > 0) {
  console.error(`more than ${BUDGET} ms: ${over.join(', ')}`)
  process.exitCode = 1
}
