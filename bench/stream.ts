/**
 * What it costs to score the messages of a broker: `npm run bench:stream`, after `npm run build`, where there is a
 * nats-server. A worker and a loop that only copies run in turns, in processes of their own, on the same messages;
 * NDJSON is also compared with `nndrone predict`. `-- --memory 10000000` measures the memory over so many events.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { headers } from '@nats-io/transport-node'
import { Drone, formatJSON } from '../bindings/index.ts'
import { randomNetwork, root, seeded } from '../test/support.ts'
import { type Client, hasServer, Server, until } from '../test/toolkit/stream/nats.ts'
import { median } from './median.ts'
import { markdown, publish } from './results.ts'

const COMMAND = join(root, 'toolkit/bin/nndrone.js')
const INPUTS = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta']
const ROUNDS = 3
const MANY = 1000

if (!hasServer) throw new Error('there is no nats-server')
const folder = mkdtempSync(join(tmpdir(), 'nndrone-bench-'))
const random = seeded(1)
const network = randomNetwork(random, { widths: [INPUTS.length, 15, 1] })
const drone = Drone.from({ ...network, inputs: INPUTS.map((name) => ({ name, offset: 0, scale: 1 })) })
writeFileSync(join(folder, 'drone.json'), formatJSON(drone.toJSON()))

const row = () => INPUTS.map(() => Number((10 * random.uniform()).toPrecision(6)))
const record = (id: number) =>
  JSON.stringify({ id, ...Object.fromEntries(row().map((value, i) => [INPUTS[i]!, value])) })
const lines = (count: number) => Array.from({ length: count }, (_, id) => record(id)).join('\n')
const rows = (count: number) =>
  new Uint8Array(Float32Array.from({ length: count * INPUTS.length }, () => 10 * random.uniform()).buffer)

interface Kind {
  name: string
  messages: number
  events: number
  format?: string
  body(): string | Uint8Array
}

const KINDS: Kind[] = [
  { name: 'a JSON event a message', messages: 20_000, events: 1, body: () => record(7) },
  { name: `${MANY} f32 rows a message`, messages: 4000, events: MANY, format: 'f32', body: () => rows(MANY) },
  { name: `${MANY} lines of NDJSON a message`, messages: 400, events: MANY, format: 'ndjson', body: () => lines(MANY) },
]

const server = await Server.start()
const client = await server.client()
await client.jsm.streams.add({ name: 'EVENTS', subjects: ['events'] })
await client.jsm.streams.add({ name: 'SCORES', subjects: ['scores', 'scores.dead'] })

/** CPU time of a process by now, in seconds. */
function seconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const memory = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

async function fill({ js, jsm }: Client, { messages, format, body }: Kind): Promise<void> {
  await jsm.streams.purge('EVENTS')
  const given = headers()
  if (format) given.set('Nndrone-Format', format)
  const content = body()
  for (let at = 0; at < messages; at += 500) {
    const some = Math.min(500, messages - at)
    await Promise.all(Array.from({ length: some }, () => js.publish('events', content, { headers: given })))
  }
}

interface Run {
  /** Messages a second. */
  pace: number
  /** Cores that the process and the broker took. */
  process: number
  broker: number
}

/** Runs a process on all messages, and measures from its first answer to its last. */
async function run(start: (durable: string) => ChildProcess, messages: number, durable: string): Promise<Run> {
  const { jsm } = client
  await jsm.streams.purge('SCORES')
  await jsm.consumers.add('EVENTS', { durable_name: durable, ack_policy: 'explicit', max_ack_pending: 20_000 })
  const child = start(durable)
  const answers = async () => (await jsm.streams.info('SCORES')).state
  await until('the first answer', async () => (await answers()).messages > 0, 120)
  const before = [seconds(child.pid!), seconds(server.pid)]
  const began = performance.now()
  await until('the last answer', async () => (await answers()).messages >= messages, 300)
  const took = (performance.now() - began) / 1000
  const after = [seconds(child.pid!), seconds(server.pid)]
  const { first_ts, last_ts } = await answers()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
  await jsm.consumers.delete('EVENTS', durable)
  const span = (Date.parse(String(last_ts)) - Date.parse(String(first_ts))) / 1000
  return {
    pace: (messages - 1) / span,
    process: (after[0]! - before[0]!) / took,
    broker: (after[1]! - before[1]!) / took,
  }
}

const stdio = { cwd: folder, stdio: 'ignore' } as const
const worker = (durable: string) => {
  const places = ['--from', `${server.url}/EVENTS`, '--to', `${server.url}/scores`]
  return spawn(
    process.execPath,
    [COMMAND, 'stream', 'drone.json', ...places, '--durable', durable, '--keep', 'id'],
    stdio,
  )
}
const copy = (durable: string) => {
  const words = ['--import', 'tsx', join(root, 'bench/stream-copy.ts'), server.url, 'EVENTS', durable, 'scores']
  return spawn(process.execPath, words, { ...stdio, cwd: root })
}

/** Two workers, where predict knows them. */
const PREDICT = execFileSync(process.execPath, [COMMAND, 'predict', '--help'], { encoding: 'utf8' }).includes(
  '--workers',
)
  ? ['predict', '--workers', '2']
  : ['predict']

/** Events a second that predict scores, by what it says itself, while the broker idles beside it. */
function predicted(file: string): number {
  const words = [COMMAND, ...PREDICT, 'drone.json', '--events', file, '--keep', 'id', '--out', 'scores.ndjson']
  const told = execFileSync('bash', ['-c', '"$0" "$@" 2>&1', process.execPath, ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  return Number(/\(([\d,]+) events\/s/.exec(told)![1]!.replaceAll(',', ''))
}

/** Milliseconds from publishing an event to the arrival of its answer, at so many events a second; the first second warms up. */
async function latencies(pace: number, count: number): Promise<number[]> {
  const { nc, jsm, js } = client
  await jsm.streams.purge('EVENTS')
  const child = worker('latency')
  await until(
    'the worker',
    async () => (await jsm.consumers.info('EVENTS', 'latency').catch(() => undefined)) !== undefined,
  )
  await sleep(1000)
  const times: number[] = []
  const subscription = nc.subscribe('scores', {
    callback: (_, message) => {
      if (message.headers?.has('Sent')) times.push(performance.now() - Number(message.headers.get('Sent')))
    },
  })
  const began = performance.now()
  for (let sent = 0; sent < count; ) {
    for (; sent < Math.min(count, ((performance.now() - began) / 1000) * pace); sent++) {
      const given = headers()
      given.set('Sent', String(performance.now()))
      void js.publish('events', record(sent), { headers: given })
    }
    await sleep(1)
  }
  await until('all answers', () => times.length >= count)
  subscription.unsubscribe()
  child.kill('SIGTERM')
  return times.slice(pace).sort((a, b) => a - b)
}

/** Megabytes of a worker on its way through so many events. */
async function memories(events: number): Promise<number[]> {
  const { jsm } = client
  await jsm.streams.update('SCORES', { max_msgs: 1000 })
  const child = worker('memory')
  const kind = KINDS[1]!
  const found: number[] = []
  for (let tenth = 1; tenth <= 10; tenth++) {
    await fill(client, { ...kind, messages: events / MANY / 10 })
    await until(
      'all scored',
      async () => {
        const { num_pending, num_ack_pending } = await jsm.consumers
          .info('EVENTS', 'memory')
          .catch(() => ({ num_pending: 1, num_ack_pending: 1 }))
        return num_pending + num_ack_pending === 0
      },
      600,
    )
    found.push(Math.round(memory(child.pid!)))
  }
  child.kill('SIGTERM')
  return found
}

const asked = process.argv.indexOf('--memory')
try {
  if (asked > 0) {
    const events = Number(process.argv[asked + 1])
    const found = await memories(events)
    publish(
      `npm run bench:stream -- --memory ${events}`,
      `Megabytes of a worker after each tenth of ${events.toLocaleString('en')} events: ${found.join(', ')}.`,
    )
  } else {
    const table: string[][] = []
    for (const kind of KINDS) {
      await fill(client, kind)
      const [ratios, runs, rivals, byPredict]: [number[], Run[], Run[], number[]] = [[], [], [], []]
      if (kind.format === 'ndjson') writeFileSync(join(folder, 'events.ndjson'), lines(MANY * kind.messages))
      for (let round = 0; round < ROUNDS; round++) {
        const rival = await run(copy, kind.messages, `copy-${round}`)
        const ours = await run(worker, kind.messages, `worker-${round}`)
        ratios.push(ours.pace / rival.pace)
        runs.push(ours)
        rivals.push(rival)
        if (kind.format === 'ndjson') byPredict.push((ours.pace * MANY) / predicted('events.ndjson'))
      }
      const of = (all: readonly Run[], key: keyof Run) => median(all.map((run) => run[key]))
      const spread = (all: readonly number[]) =>
        `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`
      table.push([
        ...[kind.name, Math.round(of(runs, 'pace') * kind.events).toLocaleString('en')],
        ...[spread(ratios), byPredict.length > 0 ? spread(byPredict) : ''],
        ...[of(runs, 'process').toFixed(2), of(runs, 'broker').toFixed(2), of(rivals, 'process').toFixed(2)],
      ])
    }
    const times = await latencies(1000, 10_000)
    const at = (fraction: number) => times[Math.floor(fraction * (times.length - 1))]!.toFixed(2)
    publish(
      'npm run bench:stream',
      `${markdown(['messages', 'events/s', 'pace / copying', `pace / \`${PREDICT.join(' ')}\``, 'cores: worker', 'broker', 'copying'], table)}

From publishing an event to its answer, at 1,000 events/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms.`,
    )
  }
} finally {
  await server.end()
  rmSync(folder, { recursive: true, force: true })
}
