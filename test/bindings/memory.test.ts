/** What scoring costs in memory: nothing, and what drones leave behind: nothing. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { SimdEngine } from '../../bindings/engines/simd.ts'
import { createEngine, Drone } from '../../bindings/index.ts'
import { randomNetwork, root, seeded } from '../support.ts'

/** Runs a script in a Node that collects no garbage by itself; it prints bytes of heap per call. */
function bytesPerCall(call: string): number {
  const script = `
    import { Drone } from ${JSON.stringify(join(root, 'dist/index.js'))}
    import { Swarm } from ${JSON.stringify(join(root, 'dist/swarm.js'))}
    const drone = Drone.from({
      inputs: Array.from({ length: 6 }, (_, i) => ({ name: 'x' + i, offset: 0, scale: 1 })),
      layers: [
        { architecture: 'dense', activation: 'sigmoid', weights: new Array(90).fill(0.1), bias: new Array(15).fill(0) },
        { architecture: 'dense', activation: 'sigmoid', weights: new Array(15).fill(0.1), bias: [0] },
      ],
      outputs: ['y'],
    })
    const swarm = new Swarm().add('one', drone).add('two', drone)
    const scores = new Float32Array(2)
    const event = [5.0, 2.9, 0.7, 3.2, 1.6, 3.1], out = new Float32Array(1)
    function run(calls) {
      let sum = 0
      for (let i = 0; i < calls; i++) { event[0] = i * 1e-6; ${call} }
      return sum
    }
    for (let i = 0; i < 10; i++) run(100000)
    globalThis.gc()
    const before = process.memoryUsage().heapUsed
    const sum = run(1000000)
    console.log(String((process.memoryUsage().heapUsed - before) / 1e6) + ' ' + sum)
  `
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64', '--input-type=module']
  const output = execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' })
  return Number(output.split(' ')[0])
}

const test = suite('memory')

test('predictInto allocates nothing', () => {
  const bytes = bytesPerCall('drone.predictInto(event, out); sum += out[0]')
  assert.ok(bytes < 0.05, `${bytes} bytes a call`)
})

test('neither does the one of a swarm', () => {
  const bytes = bytesPerCall('swarm.predictInto(event, scores); sum += scores[1]')
  assert.ok(bytes < 0.05, `${bytes} bytes a call`)
})

test('predict allocates at most the number that it returns', () => {
  const bytes = bytesPerCall('sum += drone.predict(event)')
  assert.ok(bytes <= 16.05, `${bytes} bytes a call`)
})

test('ten thousand drones, created and disposed, leave the memory flat', () => {
  const engine = createEngine({ engine: 'simd' }) as SimdEngine
  const network = randomNetwork(seeded(1), { widths: [6, 15, 1] })
  const cycle = () => {
    const drone = Drone.from(network, { engine })
    drone.predictBatch(new Float64Array(60))
    drone.expand(0).dispose()
  }
  for (let i = 0; i < 100; i++) cycle()
  const before = engine.f32.buffer.byteLength
  for (let i = 0; i < 10000; i++) cycle()
  assert.is(engine.f32.buffer.byteLength, before)
})

test('a drone of 121 parameters takes at most 4 KiB of the engine', () => {
  const engine = createEngine({ engine: 'simd' }) as SimdEngine
  const network = randomNetwork(seeded(1), { widths: [6, 15, 1] })
  const first = engine.kernels.allocate(16)
  const drones = Array.from({ length: 100 }, () => Drone.from(network, { engine }))
  // So large that it fits in no gap that making the drones left.
  const last = engine.kernels.allocate(65536)
  const bytes = (last - first) / drones.length
  assert.ok(bytes > 4 * 121 && bytes <= 4096, `${bytes} bytes`)
})

test.run()
