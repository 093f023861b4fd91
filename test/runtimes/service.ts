/** The service as a handler, in the runtimes that are commands: JSON and the binary extension give the drone's own bits. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Drone, formatJSON } from 'nndrone'
import { randomNetwork, randomNumbers, seeded } from '../support.ts'

const [INPUTS, EVENTS] = [6, 100]

/** Prints the sum of all bits of the scores, by JSON and by bytes. */
const PROGRAM = `import { readFileSync } from 'node:fs'
import { service } from 'nndrone-toolkit/service'
const { fetch } = await service({ drones: { drone: readFileSync('service.json', 'utf8') } })
const rows = new Float64Array(new Uint8Array(readFileSync('service.events')).buffer)
const bitsOf = ${bitsOf}
const input = { name: 'events', shape: [rows.length / ${INPUTS}, ${INPUTS}], datatype: 'FP64' }
const asked = (body, headers) => fetch(new Request('http://localhost/v2/models/drone/infer', { method: 'POST', body, headers }))
const ready = await fetch(new Request('http://localhost/v2/health/ready'))
console.log(ready.status)
const json = await (await asked(JSON.stringify({ inputs: [{ ...input, data: [...rows] }] }))).json()
console.log(bitsOf(new Float32Array(json.outputs[0].data)))
const parameters = { binary_data_size: rows.byteLength }
const head = new TextEncoder().encode(JSON.stringify({ inputs: [{ ...input, parameters }], parameters: { binary_data_output: true } }))
const body = new Uint8Array(head.length + rows.byteLength)
body.set(head)
body.set(new Uint8Array(rows.buffer), head.length)
const binary = await asked(body, { 'inference-header-content-length': String(head.length) })
const from = Number(binary.headers.get('inference-header-content-length'))
console.log(bitsOf(new Float32Array((await binary.arrayBuffer()).slice(from))))
`

function bitsOf(scores: Float32Array): number {
  return new Uint32Array(scores.buffer).reduce((sum, bits) => (sum * 31 + bits) % 2 ** 32, 7)
}

/** Writes the drone, its events and `service.mjs` into a folder. @returns what the program has to print */
export function writeService(folder: string): string {
  const random = seeded(21)
  const drone = Drone.from(randomNetwork(random, { widths: [INPUTS, 9, 1] }))
  const events = randomNumbers(random, INPUTS * EVENTS)
  writeFileSync(join(folder, 'service.json'), formatJSON(drone))
  writeFileSync(join(folder, 'service.events'), new Uint8Array(events.buffer))
  writeFileSync(join(folder, 'service.mjs'), PROGRAM)
  const bits = bitsOf(Drone.from(formatJSON(drone)).predictBatch(events))
  return `200\n${bits}\n${bits}\n`
}
