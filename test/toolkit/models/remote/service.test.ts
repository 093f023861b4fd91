/** Services as teachers: a real server of each protocol, its moods, and answers that cannot be learnt from. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openService, type ServiceOptions } from '../../../../toolkit/models/remote/service/index.ts'
import { answers, largestError } from '../support.ts'

interface Asked {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: any
}

type Reply = { status?: number; headers?: Record<string, string>; body?: unknown }

/** Every request as the server saw it. */
let seen: Asked[]
let reply: (asked: Asked, response: ServerResponse) => Reply | undefined

const server = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const asked = { method: request.method!, url: request.url!, headers: request.headers, body: text && JSON.parse(text) }
  seen.push(asked)
  const answer = reply(asked, response)
  if (!answer) return
  const { status = 200, headers = {}, body } = answer
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
})

let at = ''

const test = suite('models: service')

test.before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

test.after(() => {
  server.closeAllConnections()
  server.close()
})

test.before.each(() => {
  seen = []
})

const OPTIONS: ServiceOptions = { inputs: ['a', 'b'], timeout: 5, backoff: 1 }

const metadata = {
  name: 'higgs',
  platform: 'onnx_onnxv1',
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 2] }],
  outputs: [
    { name: 'label', datatype: 'INT64', shape: [-1] },
    { name: 'probability', datatype: 'FP32', shape: [-1, 1] },
  ],
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** A model of the sum of two inputs. */
function infer({ method, body }: Asked): Reply {
  if (method === 'GET') return { body: metadata }
  const { data, shape } = body.inputs[0]
  const scores = Array.from({ length: shape[0] }, (_, n) => sigmoid(data[2 * n] + data[2 * n + 1]))
  return { body: { outputs: [{ name: 'probability', datatype: 'FP32', shape: [shape[0], 1], data: scores }] } }
}

const open = (path = '/v2/models/higgs', options = {}) => openService(at + path, { ...OPTIONS, ...options })

async function said(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return ''
  } catch (error) {
    assert.match((error as Error).name, /^(Input|Usage)Error$/)
    return (error as Error).message.replaceAll(at, '')
  }
}

/** What is said of the answer to [1, 2] where the response is this. */
async function refusal(response: (asked: Asked) => Reply): Promise<string> {
  reply = infer
  const model = await open()
  reply = response
  return said(answers(model, [[1, 2]]))
}

test('Open Inference: metadata, batches, and events that lack a value', async () => {
  reply = infer
  const model = await open()
  assert.equal(model.inputs, ['a', 'b'])
  assert.equal(model.outputs, ['probability'])
  assert.equal(model.describe().format, 'Open Inference Protocol v2')
  const events = Array.from({ length: 3000 }, (_, n) => [n / 1000, n % 100 === 7 ? null : -1])
  const expected = events.map(([a, b]) => (b === null ? Number.NaN : sigmoid(a! - 1)))
  seen = []
  assert.ok(largestError(await answers(model, events), expected) < 1e-7)
  assert.is(seen.length, Math.ceil(2970 / 512))
  const { method, url, body } = seen[0]!
  assert.equal([method, url], ['POST', '/v2/models/higgs/infer'])
  assert.equal([body.inputs[0].name, body.inputs[0].datatype, body.inputs[0].shape], ['features', 'FP32', [512, 2]])
  assert.equal(body.outputs, [{ name: 'probability' }])
})

test('Open Inference: columns without names are the first ones, unless as many are given', async () => {
  reply = infer
  assert.is((await open()).unnamed, false)
  const more = await open(undefined, { inputs: ['a', 'b', 'label'] })
  assert.is(more.unnamed, true)
  assert.equal(more.inputs, ['x0', 'x1'])
})

test('Open Inference: an input for each column, two probabilities as rows, a version in the address', async () => {
  const columns = ['pt', 'eta'].map((name) => ({ name, datatype: 'FP64', shape: [-1, 1] }))
  reply = ({ method, url, body }) => {
    assert.match(url, /^\/v2\/models\/higgs\/versions\/3(\/infer)?$/)
    if (method === 'GET') return { body: { ...metadata, inputs: columns } }
    const [pt, eta] = body.inputs
    assert.equal([pt.name, eta.name, pt.shape[1]], ['pt', 'eta', 1])
    const rows = pt.data.map((value: number, n: number) => [
      1 - sigmoid(value - eta.data[n]),
      sigmoid(value - eta.data[n]),
    ])
    return { body: { outputs: [{ name: 'probability', datatype: 'FP64', shape: [rows.length, 2], data: rows }] } }
  }
  const model = await open('/v2/models/higgs/versions/3/infer', { inputs: ['x', 'y', 'z'] })
  assert.equal(model.inputs, ['pt', 'eta'])
  assert.equal(model.outputs, ['probability'])
  assert.ok(
    largestError(
      await answers(model, [
        [1, 2],
        [3, 1],
      ]),
      [sigmoid(-1), sigmoid(2)],
    ) < 1e-7,
  )
})

test('TFaaS: an event a request', async () => {
  reply = ({ body }) => ({ body: [body.values[0] * body.values[1] + 0.25] })
  const model = await open('/json?model=luca')
  assert.equal([model.inputs, model.outputs], [['a', 'b'], ['score']])
  seen = []
  assert.equal(
    await answers(model, [
      [1, 2],
      [3, 4],
      [null, 1],
    ]),
    [2.25, 12.25, Number.NaN],
  )
  assert.equal(seen.map(({ body }) => body.values).sort(), [
    [1, 2],
    [3, 4],
  ])
  assert.equal([seen[0]!.body.keys, seen[0]!.body.model, seen[0]!.url], [['a', 'b'], 'luca', '/json?model=luca'])
})

test('a token, and none where there is none', async () => {
  reply = infer
  await open('/v2/models/higgs', { token: 'secret' })
  assert.ok(seen.every(({ headers }) => headers.authorization === 'Bearer secret'))
  seen = []
  await open()
  assert.ok(seen.every(({ headers }) => headers.authorization === undefined))
})

test('a service that is busy, ill or away is asked again, and not for ever', async () => {
  reply = infer
  const model = await open()
  for (const status of [429, 500, 503]) {
    let left = 3
    seen = []
    reply = (asked) => (left-- > 0 ? { status, headers: { 'retry-after': '0' }, body: 'busy' } : infer(asked))
    assert.ok(largestError(await answers(model, [[1, 2]]), [sigmoid(3)]) < 1e-7)
    assert.is(seen.length, 4)
  }
  seen = []
  reply = () => ({ status: 503, body: '{"error":"out of memory"}' })
  assert.is(
    await said(answers(model, [[1, 2]])),
    '/v2/models/higgs/infer: 503 Service Unavailable ({"error":"out of memory"}), after 6 tries',
  )
  assert.is(seen.length, 6)
  let torn = 2
  reply = (asked, response) => {
    if (torn-- <= 0) return infer(asked)
    response.destroy()
    return undefined
  }
  assert.ok(largestError(await answers(model, [[1, 2]]), [sigmoid(3)]) < 1e-7)
})

test('the waits between tries double', async () => {
  reply = infer
  const model = await open('/v2/models/higgs', { backoff: 10 })
  reply = () => ({ status: 500, body: '' })
  const began = performance.now()
  await said(answers(model, [[1, 2]]))
  assert.ok(performance.now() - began >= 10 + 20 + 40 + 80 + 160)
})

test('a service that hangs, or is not there', async () => {
  reply = infer
  const model = await open('/v2/models/higgs', { timeout: 0.05 })
  reply = () => undefined
  assert.is(await said(answers(model, [[1, 2]])), '/v2/models/higgs/infer: no answer within 0.05 s, after 6 tries')
  const nowhere = openService('http://127.0.0.1:1/v2/models/x', OPTIONS)
  assert.match(await said(nowhere), /^http:\/\/127\.0\.0\.1:1\/v2\/models\/x: cannot be reached: .+, after 6 tries$/)
})

test('refusals are told at once', async () => {
  reply = () => ({ status: 404, body: { error: "no model 'higgs'" } })
  assert.is(await said(open()), `/v2/models/higgs: 404 Not Found ({"error":"no model 'higgs'"})`)
  assert.is(seen.length, 1)
  assert.is(await said(open('/predict')), '/predict: expected http(s)://…/v2/models/NAME or …/json?model=NAME')
  assert.match(await said(openService('file:///v2/models/x', OPTIONS)), /expected http/)
})

test('answers are checked: number, finiteness, form', async () => {
  const outputs =
    (data: unknown, name = 'probability') =>
    () => ({ body: { outputs: [{ name, data }] } })
  const infer = '/v2/models/higgs/infer'
  assert.is(
    await refusal(outputs([0.5, 0.5, 0.5].slice(0, 0))),
    `${infer}: outputs: "probability": 0 numbers for 1 events`,
  )
  assert.is(
    await refusal(outputs([null])),
    `${infer}: "probability[0]" of event 0 (from 0): null, expected a finite number`,
  )
  assert.is(
    await refusal(outputs(['0.5'])),
    `${infer}: "probability[0]" of event 0 (from 0): "0.5", expected a finite number`,
  )
  assert.is(
    await refusal(() => ({ body: '{"outputs":[{"name":"probability","data":[1e999]}]}' })),
    `${infer}: "probability[0]" of event 0 (from 0): Infinity, expected a finite number`,
  )
  assert.is(await refusal(outputs('AAAA')), `${infer}: outputs[0].data: "AAAA", expected an array`)
  assert.is(await refusal(outputs([1], 'other')), `${infer}: outputs: none is "probability"`)
  assert.is(await refusal(() => ({ body: '<html>' })), `${infer}: answered "<html>", expected JSON`)
  assert.is(await refusal(() => ({ body: '[]' })), `${infer}: document: an array of 0, expected an object`)
})

test('metadata of what is not read', async () => {
  const of = async (change: object) => {
    reply = () => ({ body: { ...metadata, ...change } })
    return said(open())
  }
  const input = (datatype: string, shape: unknown) => ({ inputs: [{ name: 'x', datatype, shape }] })
  const place = '/v2/models/higgs: '
  assert.is(await of(input('BYTES', [-1, 2])), `${place}inputs[0].datatype: "BYTES", expected FP32 or FP64`)
  assert.is(
    await of(input('FP32', [-1, 3, 32, 32])),
    `${place}inputs[0].shape: [-1, 3, 32, 32], expected [-1, a number of columns]`,
  )
  assert.is(
    await of(input('FP32', [-1, 1e9])),
    `${place}inputs[0].shape: [-1, 1000000000], expected [-1, a number of columns]`,
  )
  assert.is(await of({ inputs: [] }), `${place}inputs: an array of 0, expected at least one`)
  assert.is(await of({ outputs: [{ name: 'y', datatype: 'BYTES' }] }), `${place}outputs: none is of FP32 or FP64`)
})

test('an answer without numbers is refused before any event is asked', async () => {
  reply = ({ method }) =>
    method === 'GET' ? { body: metadata } : { body: { outputs: [{ name: 'probability', datatype: 'FP32', data: [] }] } }
  const few = '"probability": no number for an event, expected at least one'
  assert.is(await said(open()), `/v2/models/higgs/infer: ${few}`)
  reply = () => ({ body: [] })
  assert.is(await said(open('/json?model=m')), '/json?model=m: "score": no number for an event, expected at least one')
})

test('what steers a terminal is escaped in what the service says', async () => {
  const steering = 'bad \x1b]0;title\x07\x1b[2J\x9b31m request'
  assert.is(
    await refusal(() => ({ status: 400, body: steering })),
    '/v2/models/higgs/infer: 400 Bad Request (bad \\x1b]0;title\\x07\\x1b[2J\\x9b31m request)',
  )
})

test('a redirect within the service is followed, one to another host is not', async () => {
  const other = createServer((_, response) => {
    asked++
    response.end('{}')
  })
  let asked = 0
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const to = (location: string) => (all: Asked) =>
    all.url.startsWith('/v2') && all.method === 'POST' ? { status: 307, headers: { location } } : infer(all)
  assert.is(
    await refusal(to(`${elsewhere}/stolen?key=SECRET`)),
    `/v2/models/higgs/infer: redirects to ${elsewhere}, where events are not sent; name that address if it is the one that is meant`,
  )
  assert.is(
    await refusal(to('file:///etc/passwd')).then((text) =>
      text.startsWith('/v2/models/higgs/infer: redirects to file://,'),
    ),
    true,
  )
  assert.is(await refusal(to('/v2/models/higgs/infer')), '/v2/models/higgs/infer: redirects more than 5 times')
  reply = to('/moved/infer')
  assert.equal(await answers(await open(), [[1, 2]]), [Math.fround(sigmoid(3))])
  assert.is(asked, 0)
  other.close()
})

test('secrets of an address are sent, and neither shown nor kept', async () => {
  reply = (asked) => (asked.method === 'GET' || asked.body.inputs[0].shape[0] === 1 ? infer(asked) : { status: 400 })
  const secret = `${at.replace('//', '//user:secret@')}/v2/models/higgs?key=SECRET`
  const model = await openService(secret, OPTIONS)
  assert.match(seen[0]!.url, /\?key=SECRET$/)
  assert.is(seen[0]!.headers.authorization, `Basic ${Buffer.from('user:secret').toString('base64')}`)
  assert.equal(model.file, { path: `${at}/v2/models/higgs`, name: 'higgs' })
  const failure = answers(model, [
    [1, 2],
    [3, 4],
  ])
  assert.is(await said(failure), '/v2/models/higgs/infer: 400 Bad Request')
  assert.not.match(JSON.stringify(model.describe()), /secret/i)
  assert.not.match(await said(openService('user:secret@host/v2', OPTIONS)), /secret/)
  assert.not.match(await said(openService('http://user:secret@host/v2?key=secret', OPTIONS)), /secret/)
})

test.run()
