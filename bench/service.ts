/**
 * What the service costs beside a handler of Hono that reads the same body as text and answers a constant of the same
 * length: `npm run bench:service`, after a build. Both are processes of their own and take turns, many times; ours writes
 * its log and counts its figures as it always does..
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { Random } from '../bindings/arithmetic/random.ts'
import { distill, formatJSON } from '../bindings/index.ts'
import { median } from './median.ts'
import { markdown, publish } from './results.ts'

const ROUNDS = 7
const CONNECTIONS = 16
const WIDTH = 6

const folder = mkdtempSync(join(tmpdir(), 'nndrone-bench-'))
const children: ChildProcess[] = []

/** A process that answers, once it says so. */
async function started(args: string[]): Promise<string> {
  const log = openSync(join(folder, 'log'), 'a')
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', log], cwd: folder })
  children.push(child)
  const port = args.at(-1)
  for (let tries = 0; tries < 100; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/v2/health/live`).catch(() => undefined)
    if (ready) return `http://127.0.0.1:${port}`
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${args.join(' ')}: does not answer`)
}

const RIVAL = `
import { Hono } from 'hono'
import { serve } from '@hono/node-server'
const [length, port] = process.argv.slice(2).map(Number)
const answer = 'x'.repeat(length)
const app = new Hono()
app.post('*', async (context) => {
  await context.req.text()
  return context.body(answer)
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
`

interface Ask {
  body: string | Buffer
  headers: Record<string, string>
  requests: number
}

async function asked(url: string, { body, headers, requests }: Ask) {
  const began = performance.now()
  const run = autocannon({
    ...{ url: `${url}/v2/models/drone/infer`, method: 'POST', body, headers },
    ...{ connections: CONNECTIONS, amount: requests },
  })
  // Its own clock ticks once a second.
  let ended = began
  run.on('response', () => {
    ended = performance.now()
  })
  const result = await run
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`)
  return {
    rate: requests / ((ended - began) / 1000),
    p50: result.latency.p50,
    p99: result.latency.p99,
  }
}

function single(values: readonly number[]): Ask {
  const inputs = [{ name: 'events', shape: [1, WIDTH], datatype: 'FP64', data: values }]
  return { body: JSON.stringify({ inputs }), headers: { 'content-type': 'application/json' }, requests: 12_000 }
}

function binary(events: Float64Array): Ask {
  const inputs = [
    {
      name: 'events',
      shape: [events.length / WIDTH, WIDTH],
      datatype: 'FP64',
      parameters: { binary_data_size: events.byteLength },
    },
  ]
  const head = Buffer.from(JSON.stringify({ inputs, parameters: { binary_data_output: true } }))
  return {
    body: Buffer.concat([head, Buffer.from(events.buffer)]),
    headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(head.length) },
    requests: 4000,
  }
}

const random = new Random(1)
const events = new Float64Array(1000 * WIDTH).map(() => random.uniform() * 4 - 2)
const targets = Float32Array.from({ length: 1000 }, (_, n) => 1 / (1 + Math.exp(-events[n * WIDTH]!)))
const inputs = Array.from({ length: WIDTH }, (_, i) => `x${i}`)
const { drone } = await distill({ events, targets, inputs, outputs: ['score'], hidden: [16], epochs: 2 })
writeFileSync(join(folder, 'drone.json'), formatJSON(drone))

try {
  const root = join(import.meta.dirname, '..')
  const command = join(root, 'toolkit/bin/nndrone.js')
  const ours = await started([command, 'serve', 'drone.json', '--port', '8471'])
  // Where its packages are found.
  writeFileSync(join(root, 'build/rival.mjs'), RIVAL)
  const rows: (string | number)[][] = []
  const cases: [string, Ask][] = [
    ['one event, JSON', single(Array.from(events.subarray(0, WIDTH)))],
    ['1,000 events, binary', binary(events)],
  ]
  for (const [i, [name, ask]] of cases.entries()) {
    const answer = await fetch(`${ours}/v2/models/drone/infer`, {
      method: 'POST',
      body: ask.body as BodyInit,
      headers: ask.headers,
    })
    const length = (await answer.arrayBuffer()).byteLength
    const rival = await started([join(root, 'build/rival.mjs'), String(length), String(8472 + i)])
    const rounds: { ours: Awaited<ReturnType<typeof asked>>; rival: Awaited<ReturnType<typeof asked>> }[] = []
    for (const url of [ours, rival]) await asked(url, ask)
    for (let round = 0; round < ROUNDS; round++) {
      const turns = round % 2 ? [rival, ours] : [ours, rival]
      const results = new Map<string, Awaited<ReturnType<typeof asked>>>()
      for (const url of turns) results.set(url, await asked(url, ask))
      rounds.push({ ours: results.get(ours)!, rival: results.get(rival)! })
    }
    const rate = (who: 'ours' | 'rival') =>
      Math.round(median(rounds.map((round) => round[who].rate))).toLocaleString('en')
    const ratios = rounds.map((round) => round.ours.rate / round.rival.rate)
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
    const p99 = (who: 'ours' | 'rival') => `${median(rounds.map((round) => round[who].p99))} ms`
    rows.push([name, rate('ours'), rate('rival'), median(ratios).toFixed(2), spread, p99('ours'), p99('rival')])
  }
  publish(
    'npm run bench:service',
    `Requests a second of \`nndrone serve\`, with its log and figures on, beside a handler of Hono that reads the same body as
text and answers a constant of the same length, in turns, ${CONNECTIONS} connections over loopback, the client on the same
cores; medians of ${ROUNDS} rounds. p99 is the latency that 99 % of the requests do not exceed.

${markdown(['request', 'ours', 'constant', 'ratio', 'of the rounds', 'p99 ours', 'p99 constant'], rows)}`,
  )
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}
