/** The Open Inference Protocol, version 2, over REST: https://github.com/kserve/open-inference-protocol */
import manifest from '../package.json' with { type: 'json' }
import { Failure } from './failure.ts'
import type { Exchange, Kit } from './kit.ts'
import { bytesOf, textOf } from './limits.ts'
import type { Entry } from './models.ts'
import type { Served } from './served.ts'
import { ALL, readInference, writeInference } from './tensors.ts'

/** Where the JSON of a request ends and bytes begin. */
const HEADER_LENGTH = 'inference-header-content-length'

export function v2(kit: Kit): void {
  const { models } = kit
  kit.get('/v2', 'score', (exchange) => {
    return exchange.json({ name: 'nndrone', version: manifest.version, extensions: ['binary_tensor_data'] })
  })
  kit.get('/v2/health/live', 'open', (exchange) => exchange.json({ live: true }))
  kit.get('/v2/health/ready', 'open', (exchange) => {
    const ready = !kit.draining && models.entries.length > 0
    return exchange.json({ ready }, ready ? 200 : 503)
  })
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    kit.get(path, 'score', (exchange) =>
      exchange.json(metadata(models.entry(exchange.param('model')), servedFor(kit, exchange))),
    )
    kit.get(`${path}/ready`, 'score', (exchange) => {
      const { name } = servedFor(kit, exchange)
      return exchange.json({ name, ready: true })
    })
    kit.post(`${path}/infer`, 'score', (exchange) => infer(kit, exchange))
  }
}

/** The version that a path names, or the one that answers. */
export function servedFor({ models }: Kit, { context }: Exchange): Served {
  return models.served(context.req.param('model') ?? '', context.req.param('version'))
}

function metadata({ versions }: Entry, { name, source, inputs, outputs }: Served) {
  return {
    ...{ name, versions: [...versions.keys()], platform: source.platform },
    inputs: [{ name: ALL, datatype: 'FP64', shape: [-1, inputs.length] }],
    outputs: outputs.map((output) => ({ name: output, datatype: 'FP32', shape: [-1] })),
    parameters: { inputs },
  }
}

async function infer(kit: Kit, exchange: Exchange): Promise<Response> {
  const served = servedFor(kit, exchange)
  exchange.served = served
  const length = exchange.header(HEADER_LENGTH)
  const { json, binary } =
    length === undefined
      ? { json: await textOf(exchange, kit.limits), binary: NOTHING }
      : split(await bytesOf(exchange, kit.limits), length)
  const inference = readInference(json, binary, served)
  const answers = served.score(inference.rows)
  const scores = answers instanceof Float32Array ? answers : await answers
  const answer = writeInference(served, inference, scores)
  exchange.events = inference.count
  served.meters.done((performance.now() - exchange.began) / 1000)
  if (answer.binary.length === 0) return exchange.answer(answer.json, 'application/json')
  return binaryAnswer(exchange, answer)
}

const NOTHING = new Uint8Array()

function split(body: Uint8Array, header: string) {
  const length = Number(header)
  if (!/^\d+$/.test(header) || length > body.length) {
    throw new Failure(
      400,
      `Inference-Header-Content-Length: ${header.slice(0, 40)}, expected at most the ${body.length} bytes of the body`,
    )
  }
  return { json: new TextDecoder().decode(body.subarray(0, length)), binary: body.subarray(length) }
}

function binaryAnswer(exchange: Exchange, { json, binary }: { json: string; binary: readonly Uint8Array[] }): Response {
  const head = new TextEncoder().encode(json)
  const body = new Uint8Array(head.length + binary.reduce((sum, { length }) => sum + length, 0))
  body.set(head)
  let at = head.length
  for (const bytes of binary) {
    body.set(bytes, at)
    at += bytes.length
  }
  return exchange.answer(body, 'application/octet-stream', 200, { [HEADER_LENGTH]: String(head.length) })
}
