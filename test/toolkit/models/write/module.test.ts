/** Drones as modules of JavaScript: the same bits, in Node, without its compilers, and in Deno. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Drone } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exportModule } from '../../../../toolkit/models/write/module.ts'
import { firstDifference, root } from '../../../support.ts'
import { Folder } from '../../support.ts'
import { CASES, eventsOf, HOSTILE, scoresOf, USUAL, wide } from './support.ts'

const test = suite('models: written as JavaScript')
const folder = new Folder()
test.after(() => folder.remove())

interface Exported {
  inputs: string[]
  outputs: string[]
  cuts: Record<string, { output: string; threshold: number }>
  row(record: object): unknown[]
  score(event: ArrayLike<unknown>): number
  answer(event: ArrayLike<unknown>, out?: Float32Array): Float32Array
}

let modules = 0

function imported(text: string): Promise<Exported> {
  return import(folder.file(folder.write(`${modules++}.mjs`, text)))
}

test('every activation, one output and several, special values, defaults: the same bits', async () => {
  for (const one of CASES) {
    const { answer, score } = await imported(exportModule(Drone.from(one.network)))
    const [width, height] = [one.network.inputs.length, one.network.outputs.length]
    const events = eventsOf(one, 3000)
    const expected = scoresOf(one, events)
    const found = new Float32Array(expected.length)
    for (let n = 0; n < 3000; n++) {
      const event = events.subarray(n * width, (n + 1) * width)
      found.set(answer(event), n * height)
      assert.ok(Object.is(score(event), found[n * height]), one.name)
    }
    assert.is(firstDifference(found, expected), -1, one.name)
  }
})

/** Scores events from a file and writes the scores to another. */
const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
const [events, drone] = process.argv.slice(2)
const { inputs, outputs, answer } = await import('./' + drone)
const rows = new Float64Array(new Uint8Array(readFileSync(events)).buffer)
const scores = new Float32Array((rows.length / inputs.length) * outputs.length)
for (let n = 0; n < rows.length / inputs.length; n++) {
  const event = rows.subarray(n * inputs.length, (n + 1) * inputs.length)
  answer(event, scores.subarray(n * outputs.length, (n + 1) * outputs.length))
}
writeFileSync(drone + '.scores', new Uint8Array(scores.buffer))
`

test('20,000 events in Node, in Node without compilers, and in Deno: the same bits', async () => {
  folder.write('program.mjs', PROGRAM)
  const hosts = [
    [process.execPath],
    [process.execPath, '--jitless'],
    [join(root, 'node_modules/.bin/deno'), 'run', '--no-prompt', '--allow-read', '--allow-write'],
  ]
  for (const [i, one] of USUAL.entries()) {
    const events = eventsOf(one, 20_000)
    folder.write('events', new Uint8Array(events.buffer))
    folder.write(`drone${i}.mjs`, exportModule(Drone.from(one.network)))
    for (const [command, ...flags] of hosts) {
      const { status, stderr } = spawnSync(command!, [...flags, 'program.mjs', 'events', `drone${i}.mjs`], {
        cwd: folder.path,
        encoding: 'utf8',
      })
      assert.is(status, 0, stderr)
      const bytes = new Uint8Array(readFileSync(folder.file(`drone${i}.mjs.scores`)))
      assert.is(firstDifference(new Float32Array(bytes.buffer), scoresOf(one, events)), -1, `${command} ${flags}`)
    }
  }
})

test('6 → 15 → 1 takes at most 4,000 bytes', () => {
  for (const { name, network } of USUAL) {
    const bytes = Buffer.byteLength(exportModule(Drone.from(network)))
    assert.ok(bytes <= 4000, `${name}: ${bytes} bytes`)
  }
})

test('records; what is no number is missing, and never taken for one', async () => {
  const [one] = USUAL
  const drone = Drone.from(one!.network)
  const { row, score, inputs } = await imported(exportModule(drone))
  const record = { x5: 6, x4: 5, x3: 4, x2: 3, x1: 2, x0: 1, id: 7 }
  assert.is(score(row(record)), drone.predictRecord(record))
  assert.equal(inputs, drone.inputs)
  assert.ok(Object.is(score(['1', 2, 3, 4, 5, 6]), Number.NaN))
  assert.ok(Object.is(score([1n, 2, 3, 4, 5, 6]), Number.NaN))
  assert.ok(Object.is(score([true, 2, 3, 4, 5, 6]), Number.NaN))
  assert.ok(Object.is(score([]), Number.NaN))
  // x1 and x4 have a default.
  for (const missing of [undefined, null, '2', Number.POSITIVE_INFINITY]) {
    assert.is(score([1, missing, 3, 4, 5, 6]), drone.predict([1, Number.NaN, 3, 4, 5, 6]))
  }
})

test('names and cuts are as they were, whatever is in them; none ends a script or a comment', async () => {
  const [first] = USUAL
  const { layers } = first!.network
  for (let at = 0; at < HOSTILE.length; at += 6) {
    const names = Array.from({ length: 6 }, (_, i) => HOSTILE[(at + i) % HOSTILE.length]!)
    const inputs = names.map((name) => ({ name, offset: 0, scale: 1 }))
    const drone = Drone.from({ inputs, layers, outputs: [names[0]!] })
    for (const name of names) drone.setCut(name, { threshold: 0.5 })
    const text = exportModule(drone)
    assert.not.match(text, /<\/script|<!--|\u2028/)
    const found = await imported(text)
    assert.equal(found.inputs, names)
    assert.equal(found.outputs, [names[0]])
    assert.equal(Object.keys(found.cuts), names)
    assert.is(found.score([1, 2, 3, 4, 5, 6]), drone.predict([1, 2, 3, 4, 5, 6]))
  }
})

test('10,000 inputs, and a million parameters', async () => {
  for (const widths of [
    [10_000, 3, 1],
    [1023, 1024, 1],
  ]) {
    const network = wide(widths)
    const { score } = await imported(exportModule(Drone.from(network)))
    const event = Float64Array.from({ length: widths[0]! }, (_, i) => Math.sin(i))
    assert.is(score(event), Drone.from(network).predict(event))
  }
})

test('the head says how it was made and of what, and the same drone gives the same text', () => {
  const drone = Drone.from(USUAL[0]!.network)
  const text = exportModule(drone)
  const line = /^\/\/ Made by nndrone export \d+\.\d+\.\d+ from the drone with sha256 [0-9a-f]{64}, arithmetic 1\.\n/
  assert.match(text, line)
  assert.is(exportModule(Drone.from(drone)), text)
})

test.run()
