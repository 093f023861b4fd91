/**
 * Makes golden.json: drones of every activation, and what a real lwtnn answers for them.
 *
 *   node --import tsx test/bindings/model/lwtnn/make.ts /path/to/lwtnn-test-arbitrary-net
 *
 * The program is lwtnn's own (github.com/lwtnn/lwtnn, v2.14.1 made the file that is committed). It reads events as f32,
 * replaces what is not finite by the defaults, and prints six digits of each output, in the order of their names.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACTIVATIONS, Drone, formatJSON } from '../../../../bindings/index.ts'
import { randomNetwork, randomNumbers, root, seeded } from '../../../support.ts'

const program = process.argv[2]
if (!program) throw new Error('usage: make.ts /path/to/lwtnn-test-arbitrary-net')

const folder = mkdtempSync(join(tmpdir(), 'lwtnn-'))
const random = seeded(2026)
const EVENTS = 12

function answers(drone: Drone, events: number[][]): number[][] {
  const [net, labels, values] = ['net.json', 'labels.txt', 'values.txt'].map((file) => join(folder, file))
  writeFileSync(net!, formatJSON(drone))
  writeFileSync(labels!, `${drone.inputs.join(' ')}\n`)
  writeFileSync(
    values!,
    events.map((event) => `${event.join(' ').replaceAll('Infinity', 'inf').replaceAll('NaN', 'nan')}\n`).join(''),
  )
  const lines = execFileSync(program!, [net!, labels!, values!], { encoding: 'utf8' }).trim().split('\n')
  const numbers = lines.map((line) => Number(line.split(' ')[1]))
  return events.map((_, n) => numbers.slice(n * drone.outputs.length, (n + 1) * drone.outputs.length))
}

const cases = ACTIVATIONS.map((activation) => {
  const hidden = activation === 'softmax' ? 'sigmoid' : activation
  const shape = { widths: [4, 6, 5, 3], activation: hidden, outputActivation: activation, alpha: 0.7 } as const
  const drone = Drone.from(randomNetwork(random, shape))
  const numbers = Float32Array.from(randomNumbers(random, EVENTS * 4))
  const events = Array.from({ length: EVENTS }, (_, n) => [...numbers.subarray(4 * n, 4 * n + 4)])
  // x1 has a default.
  events[1]![1] = Number.NaN
  events[2]![1] = Number.POSITIVE_INFINITY
  events[3]![1] = Number.NEGATIVE_INFINITY
  const rows = events.map((event) => event.map((value) => (Number.isFinite(value) ? value : String(value))))
  return { activation, drone: drone.toJSON(), events: rows, answers: answers(drone, events) }
})

writeFileSync(join(root, 'test/bindings/model/lwtnn/golden.json'), `${formatJSON(cases)}\n`)
rmSync(folder, { recursive: true })
