/**
 * What the service costs beside a handler of Hono that reads the same body as text and answers a constant of the same
 * length, and one that parses the JSON and writes JSON: `npm run bench:service`, after a build. All are processes of their
 * own and take turns, many times; ours writes its log and counts its figures as it always does.
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
const [kind, length, port] = process.argv.slice(2)
const answer = 'x'.repeat(Number(length))
const app = new Hono()
app.post('*', async (context) => {
  const text = await context.req.text()
  if (kind === 'constant') return context.body(answer)
  const { inputs: [{ shape, data }] } = JSON.parse(text)
  const sum = data.reduce((sum, value) => sum + value, 0)
  const outputs = [{ name: 'score', datatype: 'FP32', shape: [shape[0], 1], data: [sum] }]
  return context.json({ model_name: 'drone', model_version: '1', outputs })
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) })
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
    const rival = (kind: string, port: number) =>
      started([join(root, 'build/rival.mjs'), kind, String(length), String(port)])
    const constant = await rival('constant', 8472 + 2 * i)
    // Bytes are not parsed.
    const parsing = typeof ask.body === 'string' ? await rival('parsing', 8473 + 2 * i) : undefined
    const all = [ours, constant, ...(parsing ? [parsing] : [])]
    const results = new Map(all.map((url) => [url, [] as Awaited<ReturnType<typeof asked>>[]]))
    for (const url of all) await asked(url, ask)
    for (let round = 0; round < ROUNDS; round++) {
      for (const url of round % 2 ? all.toReversed() : all) results.get(url)!.push(await asked(url, ask))
    }
    const rate = (url: string) => Math.round(median(results.get(url)!.map(({ rate }) => rate))).toLocaleString('en')
    const ratio = (url: string) => {
      const ratios = results.get(ours)!.map(({ rate }, round) => rate / results.get(url)![round]!.rate)
      return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`
    }
    const p99 = (url: string) => `${median(results.get(url)!.map(({ p99 }) => p99))} ms`
    const beside = parsing ? [rate(parsing), ratio(parsing)] : ['', '']
    rows.push([name, rate(ours), rate(constant), ratio(constant), ...beside, p99(ours), p99(constant)])
  }
  publish(
    'npm run bench:service',
    `Requests a second of \`nndrone serve\`, with its log and figures on, beside a handler of Hono that reads the same body as
text and answers a constant of the same length, and one that parses the JSON and writes as much, in turns, ${CONNECTIONS} connections over loopback, the client on the same
cores; medians of ${ROUNDS} rounds. p99 is the latency that 99 % of the requests do not exceed.

${markdown(['request', 'ours', 'constant', 'ours / constant', 'parsing', 'ours / parsing', 'p99 ours', 'p99 constant'], rows)}`,
  )
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}
