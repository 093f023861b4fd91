/**
 * Three workers in processes of their own, killed twenty times, while the broker stops three times, the network is cut and
 * the drone changes fifty times: every event has one score, with the bits of the version that its answer names.
 * NNDRONE_STREAM_EVENTS=1000000 is the long run.
 */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kvm } from '@nats-io/kv'
import { headers } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, formatJSON } from '../../../bindings/index.ts'
import { randomNetwork, seeded } from '../../support.ts'
import { Folder } from '../support.ts'
import { Cable } from './cable.ts'
import { type Client, type Server, stored, until, withServer } from './nats.ts'

const EVENTS = Number(process.env.NNDRONE_STREAM_EVENTS ?? 100_000)
const [WORKERS, KILLS, STOPS, CUTS, SWAPS, STEPS] = [3, 20, 3, 4, 50, 40]
/** Events of a message that holds many. */
const MANY = 100

const test = suite('stream: chaos')

/** The events of a message: numbers from `first` on, whose values follow from the number. */
interface Batch {
  kind: 'json' | 'ndjson' | 'f64'
  first: number
  count: number
}

const valuesOf = (id: number) => [Math.sin(id), Math.cos(id * 0.7), (id % 1000) / 500 - 1] as const

/** Of ten events two come alone, four in lines and four in rows. */
function batches(): Batch[] {
  const all: Batch[] = []
  for (let first = 0; first < EVENTS; ) {
    const kind = (['ndjson', 'f64', 'json'] as const)[all.length % 3]!
    const left = EVENTS - first
    if (kind !== 'json') {
      const count = Math.min(MANY, left)
      all.push({ kind, first, count })
      first += count
      continue
    }
    for (const end = Math.min(EVENTS, first + MANY / 2); first < end; first++) all.push({ kind, first, count: 1 })
    while (all.length % 3 !== 0 && first < EVENTS) all.push({ kind: 'json', first: first++, count: 1 })
  }
  return all
}

function bodyOf({ kind, first, count }: Batch): string | Uint8Array {
  const ids = Array.from({ length: count }, (_, i) => first + i)
  if (kind === 'f64') return new Uint8Array(new Float64Array(ids.flatMap(valuesOf)).buffer)
  const lines = ids.map((id) => {
    const [a, b, c] = valuesOf(id)
    return JSON.stringify({ id, a, b, c })
  })
  return lines.join('\n')
}

function version(seed: number): Drone {
  const network = randomNetwork(seeded(seed), { widths: [3, 5, 1] })
  return Drone.from({ ...network, inputs: ['a', 'b', 'c'].map((name) => ({ name, offset: 0, scale: 1 })) })
}

/** Publishes some batches, each until the broker has it. */
async function publish({ js }: Client, some: readonly Batch[], from: number): Promise<void> {
  const left = some.map((batch, i) => ({ batch, number: from + i }))
  await Promise.all(
    Array.from({ length: 200 }, async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const { batch, number } = next
        const given = headers()
        given.set('Batch', String(number))
        if (batch.kind === 'f64') given.set('Nndrone-Format', 'f64')
        for (;;) {
          const sent = js.publish('events.all', bodyOf(batch), { headers: given, msgID: String(number), timeout: 2000 })
          if (
            await sent.then(
              () => true,
              () => sleep(100, false),
            )
          )
            break
        }
      }
    }),
  )
}

withServer(test, 'every event has one score, of the version that its answer names', async (server) => {
  const folder = new Folder()
  const client = await server.client()
  const cable = await Cable.start(server.port)
  const workers: ChildProcess[] = []
  /** What workers said, and what was done to the broker. */
  const told: string[] = []
  try {
    await underway(server, client, cable, folder, workers, told)
  } catch (error) {
    console.log(told.join(''))
    throw error
  } finally {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL')
    cable.end()
    folder.remove()
  }
})

async function underway(
  server: Server,
  client: Client,
  cable: Cable,
  folder: Folder,
  workers: ChildProcess[],
  told: string[],
) {
  const random = seeded(7)
  const { jsm, nc } = client
  await jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'], duplicate_window: 600e9 })
  // Longer than the test on a slow machine: what came later would be stored twice, as docs/stream.md says.
  await jsm.streams.add({ name: 'SCORES', subjects: ['scores', 'scores.dead'], duplicate_window: 600e9 })
  await jsm.consumers.add('EVENTS', {
    durable_name: 'all',
    ack_policy: 'explicit',
    ack_wait: 3e9,
    max_ack_pending: 3000,
  })
  const kv = await new Kvm(nc).create('drones', { history: 64 })
  const versions = new Map<string, Drone>()
  const put = async () => {
    const drone = version(100 + versions.size)
    // Whoever is away for a moment asks again: a version that is stored twice has two numbers.
    for (;;) {
      const text = formatJSON(drone.toJSON())
      const revision = await kv.put('trigger', text, { timeout: 2000 }).catch(() => undefined)
      if (revision !== undefined) return versions.set(String(revision), drone)
      await sleep(100)
    }
  }
  await put()

  const working = new Set<ChildProcess>()
  let finished = false
  const start = (): ChildProcess => {
    const child = folder.start(
      ...['stream', '--drone', 'kv://drones/trigger', '--from', `${cable.url}/EVENTS`, '--to', `${cable.url}/scores`],
      ...['--durable', 'all', '--keep', 'id'],
    )
    child.stderr.on('data', (text) => {
      told.push(String(text))
      // What it reads from and writes to is said by who has begun; who cannot begin says why.
      if (workers.includes(child) && String(text).includes(' → ')) working.add(child)
    })
    // Who begins while the broker is away ends with an error, and is begun again, as an orchestrator would.
    child.once('exit', (code) => {
      working.delete(child)
      const place = workers.indexOf(child)
      if (code !== null && place >= 0 && !finished) workers[place] = start()
    })
    return child
  }
  for (let i = 0; i < WORKERS; i++) workers.push(start())
  const answered = async () => {
    return jsm.streams.info('SCORES').then(
      ({ state }) => state.messages,
      () => before,
    )
  }
  let before = 0
  const all = batches()
  const slice = Math.ceil(all.length / STEPS)
  const done = { kills: 0, stops: 0, swaps: 0 }
  for (let step = 0; step < STEPS; step++) {
    const publishing = publish(client, all.slice(step * slice, (step + 1) * slice), step * slice)
    if (step % 10 === 5 && done.stops < STOPS) {
      told.push(`stop ${new Date().toISOString()}\n`)
      await server.stop(done.stops++ === 1 ? 'SIGKILL' : 'SIGTERM')
      await sleep(300)
      await server.run()
      told.push(`up ${new Date().toISOString()}\n`)
    }
    if (step % 9 === 3 && cable.cuts < CUTS) cable.cut()
    if (step % 2 === 1 && done.kills < KILLS) {
      // Who has not begun leaves nothing behind: something was answered since the last one died.
      await until('a worker at work', async () => (await answered()) !== before && working.size > 0, 120)
      const victim = workers.indexOf([...working][Math.floor(random.uniform() * working.size)]!)
      before = await answered()
      await sleep(random.uniform() * 100)
      working.delete(workers[victim]!)
      workers[victim]!.kill('SIGKILL')
      workers[victim] = start()
      done.kills++
    }
    for (; done.swaps * STEPS < SWAPS * (step + 1); done.swaps++) await put()
    await publishing
  }
  assert.equal({ ...done, cuts: cable.cuts }, { kills: KILLS, stops: STOPS, swaps: SWAPS, cuts: CUTS })

  await until(
    'all acknowledged',
    async () => {
      const info = await jsm.consumers.info('EVENTS', 'all').catch(() => undefined)
      return info !== undefined && info.num_pending + info.num_ack_pending === 0
    },
    120,
  )
  const { delivered } = await jsm.consumers.info('EVENTS', 'all')
  const { state } = await jsm.streams.info('EVENTS')
  assert.is(state.messages, all.length, 'messages that were published once')
  console.log(`${EVENTS} events in ${all.length} messages, ${delivered.consumer_seq - all.length} redelivered`)
  await until('all at work', () => workers.every((worker) => working.has(worker)), 60)
  finished = true
  await Promise.all(workers.map(stopped))

  // One whose confirmation was lost has a number too.
  for await (const { revision, value } of await kv.history({ key: 'trigger' })) {
    versions.set(String(revision), Drone.from(value))
  }
  const seen = new Uint8Array(EVENTS)
  const times = new Map<string, Date>()
  const used = new Set<string>()
  for (const { headers: named, body, time, seq } of await stored(client, 'SCORES', 'scores')) {
    const id = named.get('Nats-Msg-Id')!
    const earlier = times.get(id)
    if (earlier) console.log(`${id} stored at ${earlier.toISOString()} and at ${time.toISOString()} (${seq})`)
    times.set(id, time)
    const { kind, first, count } = all[Number(named.get('Batch'))]!
    const by = named.get('Nndrone-Version')!
    used.add(by)
    const drone = versions.get(by)!
    const scores = kind === 'f64' ? [...new Float32Array(new Uint8Array(body).buffer)] : linesOf(body)
    assert.is(scores.length, count)
    for (const [i, scored] of scores.entries()) {
      const id = typeof scored === 'number' ? first + i : scored.id
      seen[id]!++
      const score = typeof scored === 'number' ? scored : Math.fround(scored.y0)
      if (!Object.is(score, drone.predict(valuesOf(id)))) assert.unreachable(`event ${id}: ${score} by version ${by}`)
    }
  }
  const counts = [0, 1, 2].map((times) => seen.reduce((sum, each) => sum + Number(Math.min(each, 2) === times), 0))
  assert.equal(counts, [0, EVENTS, 0], 'events with no score, one, and several')
  assert.equal(await stored(client, 'SCORES', 'scores.dead'), [])
  assert.ok(used.size > SWAPS / 5, `${used.size} versions scored`)
  console.log(`${used.size} of ${versions.size} versions scored`)

  const verified = folder.run(
    ...['stream', '--drone', 'kv://drones/trigger', '--from', `${server.url}/EVENTS`, '--to', `${server.url}/scores`],
    ...['--durable', 'all', '--verify', '--json'],
  )
  const { messages, scored, double, unanswered } = JSON.parse(verified.out)
  assert.equal([verified.status, messages, scored, double, unanswered], [0, all.length, EVENTS, 0, 0])
}

function linesOf(body: Uint8Array): { id: number; y0: number }[] {
  const lines = Buffer.from(body).toString().trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** Ends a worker as an orchestrator would: it finishes what it has, and succeeds. */
async function stopped(worker: ChildProcess): Promise<void> {
  const late = setTimeout(() => worker.kill('SIGKILL'), 30_000)
  const ended = new Promise<number | null>((resolve) => worker.once('exit', resolve))
  worker.kill('SIGTERM')
  assert.is(await ended, 0)
  clearTimeout(late)
}

test.run()
