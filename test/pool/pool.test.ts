/** A pool: the same bits as without one, in order, in bounded memory, and nothing that lives on when it is over. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConfigurationError, Drone, DroneError, EvaluationError } from '../../bindings/index.ts'
import { Swarm } from '../../bindings/swarm.ts'
import { Pool, type Scorer } from '../../pool/index.ts'
import { firstDifference, randomNetwork, randomNumbers, root, seeded } from '../support.ts'

async function rejects(promise: Promise<unknown>, message: RegExp, kind = EvaluationError): Promise<void> {
  try {
    await promise
  } catch (error) {
    assert.match((error as Error).message, message)
    assert.instance(error, kind)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

function drone(): Drone {
  return Drone.from(randomNetwork(seeded(1), { widths: [3, 5, 2] }))
}

function swarm(count: number): Swarm {
  const random = seeded(2)
  const all = new Swarm()
  for (let i = 0; i < count; i++) all.add(`d${i}`, randomNetwork(random, { widths: [1 + (i % 5), 4 + (i % 9), 1] }))
  return all
}

/** A drone that is something else in the workers than it says here. */
function impostor(change: Partial<Scorer>): Scorer {
  const { inputs, outputs, engine } = drone()
  return { inputs, outputs, engine, toJSON: () => drone().toJSON(), ...change }
}

const test = suite('pool')
let pool: Pool

test.before(async () => {
  pool = await Pool.start(swarm(300), { workers: 2 })
})

test.after(() => pool?.dispose())

test('the same bits in the same order as without a pool, batches of any size, one after the other and at once', async () => {
  const alone = swarm(300)
  assert.equal(pool.inputs, alone.inputs)
  assert.equal(pool.outputs, alone.outputs)
  const random = seeded(3)
  // A slot holds some 420 events.
  const batches = [1, 63, 64, 65, 500, 2000, 0, 7].map((count) => randomNumbers(random, count * 5, 3, 0.02))
  for (const scores of [
    await Promise.all(batches.map((events) => pool.predictBatch(events))),
    await batches.reduce<Promise<Float32Array[]>>(
      async (all, events) => [...(await all), await pool.predictBatch(events)],
      Promise.resolve([]),
    ),
  ]) {
    for (const [i, events] of batches.entries()) {
      assert.is(firstDifference(scores[i]!, alone.predictBatch(events)), -1, `batch ${i}`)
    }
  }
  const rounded = Float32Array.from(batches[4]!)
  const out = new Float32Array(500 * 300)
  assert.is(await pool.predictBatch(rounded, out), out)
  assert.is(firstDifference(out, alone.predictBatch(rounded)), -1, 'f32')
})

test('a drone, and in the engine that it has', async () => {
  for (const engine of ['simd', 'js'] as const) {
    const one = Drone.from(drone().toJSON(), { engine })
    await using few = await Pool.start(one, { workers: 1 })
    const events = randomNumbers(seeded(4), 3 * 30000)
    assert.is(firstDifference(await few.predictBatch(events), one.predictBatch(events)), -1)
  }
})

test('a stream: in order, with back-pressure', async () => {
  const alone = swarm(300)
  const random = seeded(5)
  const batches = Array.from({ length: 40 }, (_, i) => randomNumbers(random, 5 * (1 + ((i * 37) % 200))))
  let taken = 0
  const source = new ReadableStream<Float64Array>(
    {
      pull(controller) {
        if (taken === batches.length) controller.close()
        else controller.enqueue(batches[taken++]!)
      },
    },
    { highWaterMark: 0 },
  )
  const reader = source.pipeThrough(pool.transform()).getReader()
  for (const [i, events] of batches.entries()) {
    if (i < 3) await new Promise((resolve) => setTimeout(resolve, 30))
    // Two a worker are under way, one waits to be, and one is the stream's own.
    assert.ok(taken <= i + 2 * pool.workers + 2, `${taken} batches were taken before batch ${i} was read`)
    const { value } = await reader.read()
    assert.is(firstDifference(value!, alone.predictBatch(events)), -1, `batch ${i}`)
  }
  assert.ok((await reader.read()).done)
})

test('a stream ends with the error of a batch', async () => {
  const source = new ReadableStream<Float64Array>({
    start(controller) {
      for (const length of [5, 6, 5]) controller.enqueue(new Float64Array(length))
    },
  })
  const reader = source.pipeThrough(pool.transform()).getReader()
  await rejects(
    (async () => {
      for (;;) await reader.read()
    })(),
    /^events: 6 numbers, expected a multiple of 5/,
  )
})

test('mistakes are refused before they reach a worker', async () => {
  await rejects(pool.predictBatch(new Float64Array(7)), /^events: 7 numbers, expected a multiple of 5 \(inputs: x0, x1/)
  await rejects(pool.predictBatch([1] as never), /^events: an array of 1, expected a Float32Array or a Float64Array$/)
  await rejects(pool.predictBatch(new Float64Array(5), new Float32Array(1)), /^out: a typed array of 1, expected a /)
  await rejects(Pool.start(undefined as never), /^pool: undefined, expected a drone or a swarm$/, ConfigurationError)
  for (const workers of [0, 1.5, Number.NaN]) {
    await rejects(Pool.start(drone(), { workers }), /^workers: .*, expected a whole number from 1$/, ConfigurationError)
  }
})

test('memory that was transferred: refused before, while events wait for their turn, and before scores are written', async () => {
  const some = (count: number) => randomNumbers(seeded(4), count * 5, 3, 0)
  const transfer = (numbers: Float64Array | Float32Array) => structuredClone(numbers, { transfer: [numbers.buffer] })
  const message = (name: string) =>
    new RegExp(`^${name}: its memory was transferred elsewhere before the pool was done with it$`)
  const before = some(3)
  transfer(before)
  await rejects(pool.predictBatch(before), message('events'))
  // More events than there is room for in all slots.
  const waiting = some(5000)
  const scores = pool.predictBatch(waiting)
  transfer(waiting)
  await rejects(scores, message('events'))
  const out = new Float32Array(100 * 300)
  const written = pool.predictBatch(some(100), out)
  transfer(out)
  await rejects(written, message('out'))
  const batch = some(10)
  assert.is(firstDifference(await pool.predictBatch(batch), swarm(300).predictBatch(batch)), -1, 'the pool goes on')
})

test('errors in a worker reach the caller', async () => {
  const broken = impostor({ toJSON: () => ({ ...drone().toJSON(), layers: [] }) })
  await rejects(Pool.start(broken, { workers: 2 }), /^layers: none, expected at least one$/, ConfigurationError)
  await using few = await Pool.start(impostor({ inputs: ['x0', 'x1'] }), { workers: 2 })
  await rejects(few.predictBatch(new Float64Array(2)), /^events: 2 numbers, expected a multiple of 3/)
  await rejects(few.predictBatch(new Float64Array(6)), /^out: /)
})

test('a worker that ends by itself ends the pool, and whoever waits is told', async () => {
  const few = await Pool.start(drone(), { workers: 2 })
  const { postMessage } = Worker.prototype
  Worker.prototype.postMessage = function (task) {
    postMessage.call(this, task)
    this.terminate()
  }
  try {
    const waiting = [few.predictBatch(new Float64Array(3 * 500000)), few.predictBatch(new Float64Array(3))]
    for (const batch of waiting) await rejects(batch, /^a worker ended by itself, with exit code 1$/, DroneError)
  } finally {
    Worker.prototype.postMessage = postMessage
  }
  await rejects(few.predictBatch(new Float64Array(3)), /^a worker ended by itself, with exit code 1$/, DroneError)
  await few.dispose()
})

test('disposed: who waits is told, and so is who asks later', async () => {
  const few = await Pool.start(drone(), { workers: 2 })
  const waiting = few.predictBatch(new Float64Array(3 * 200000))
  const disposed = few.dispose()
  await rejects(waiting, /^this pool was disposed$/)
  await disposed
  await rejects(few.predictBatch(new Float64Array(3)), /^this pool was disposed$/)
  await few.dispose()
})

/** Runs a program that uses what is built, in a runtime; returns what it prints, once it has ended by itself. */
function run(command: string, args: readonly string[], body: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nndrone-pool-'))
  const program = `
    import { Drone } from ${JSON.stringify(join(root, 'dist/index.js'))}
    import { Swarm } from ${JSON.stringify(join(root, 'dist/swarm.js'))}
    import { Pool } from ${JSON.stringify(join(root, 'dist/pool.js'))}
    const swarm = Swarm.from(${JSON.stringify(JSON.stringify(swarm(40)))})
    const events = Float64Array.from({ length: 5 * 3000 }, (_, i) => ((i * 7919) % 1000) / 250 - 2)
    const pool = await Pool.start(swarm, { workers: 2 })
    ${body}`
  try {
    writeFileSync(join(folder, 'program.mjs'), program)
    return execFileSync(command, [...args, join(folder, 'program.mjs')], { encoding: 'utf8', timeout: 20_000 }).trim()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const COMPARES = `
  const alone = swarm.predictBatch(events)
  const answers = [await pool.predictBatch(events)]
  const source = new ReadableStream({ start(controller) { controller.enqueue(events); controller.close() } })
  for await (const scores of source.pipeThrough(pool.transform())) answers.push(scores)
  const same = answers.every((scores) => scores.every((score, i) => Object.is(score, alone[i])))
  console.log(String(alone.length), String(answers.length), String(same))`

test('Node and Deno: the same bits, and the process ends, with and without dispose', () => {
  const deno = join(root, 'node_modules/.bin/deno')
  for (const end of ['', '\nawait pool.dispose()']) {
    assert.is(run(process.execPath, [], COMPARES + end), '120000 2 true')
    assert.is(run(deno, ['run', '--no-prompt', '--allow-read'], COMPARES + end), '120000 2 true')
  }
})

test('where there is no shared memory, the pool says what it needs', async () => {
  const shared = SharedArrayBuffer
  Object.assign(globalThis, { SharedArrayBuffer: undefined })
  try {
    await rejects(
      Pool.start(drone()),
      /^Pool\.start needs node:worker_threads and SharedArrayBuffer, /,
      ConfigurationError,
    )
  } finally {
    Object.assign(globalThis, { SharedArrayBuffer: shared })
  }
})

test.run()
