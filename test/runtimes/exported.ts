/** Drones that were exported, in the runtimes that are commands: the same bits of 100,000 events. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Drone } from 'nndrone'
import { exportModule } from '../../toolkit/models/write/module.ts'
import { exportWasm } from '../../toolkit/models/write/wasm.ts'
import { eventsOf, scoresOf, USUAL } from '../toolkit/models/write/support.ts'

/** Prints a number of all the bits of the scores of each drone, by its WebAssembly and by its JavaScript. */
const PROGRAM = `import { readFileSync } from 'node:fs'
const hashOf = ${hashOf}
for (const name of ['0', '1']) {
  const rows = new Float64Array(new Uint8Array(readFileSync(name + '.events')).buffer)
  const { instance } = await WebAssembly.instantiate(new Uint8Array(readFileSync(name + '.wasm')))
  const { memory, inputs, event, score } = instance.exports
  const to = new Float64Array(memory.buffer, event(), inputs())
  const module = await import('./' + name + '.mjs')
  const scores = [new Float32Array(rows.length / inputs()), new Float32Array(rows.length / inputs())]
  for (let n = 0; n < scores[0].length; n++) {
    const row = rows.subarray(n * inputs(), (n + 1) * inputs())
    to.set(row)
    scores[0][n] = score()
    scores[1][n] = module.score(row)
  }
  for (const some of scores) console.log(hashOf(some))
}
`

/** One of all bits; NaN is one number. */
function hashOf(scores: Float32Array): number {
  const bits = new Uint32Array(scores.map((score) => (Number.isNaN(score) ? 0 : score)).buffer)
  let hash = 0
  for (let i = 0; i < bits.length; i++)
    hash = (Math.imul(hash ^ bits[i]!, 16777619) + Number(Number.isNaN(scores[i]!))) | 0
  return hash
}

/** Writes the drones, their events and `exported.mjs` into a folder. @returns what the program has to print */
export function writeExported(folder: string): string {
  const lines = USUAL.flatMap((one, i) => {
    const drone = Drone.from(one.network)
    const events = eventsOf(one, 100_000)
    writeFileSync(join(folder, `${i}.events`), new Uint8Array(events.buffer))
    writeFileSync(join(folder, `${i}.wasm`), exportWasm(drone))
    writeFileSync(join(folder, `${i}.mjs`), exportModule(drone))
    const hash = hashOf(scoresOf(one, events))
    return [hash, hash]
  })
  writeFileSync(join(folder, 'exported.mjs'), PROGRAM)
  return `${lines.join('\n')}\n`
}
