/** The service as a handler: who may do what, limits, messages, versions, and answers that no one can mistake. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatJSON } from '../../../bindings/index.ts'
import { type Service, type ServiceOptions, service } from '../../../toolkit/service/index.ts'
import { inference, rowsOf, TOKEN, trained } from './support.ts'

const test = suite('service')

const drone = await trained(1)
const document = formatJSON(drone)
const other = formatJSON(await trained(2))
const rows = rowsOf(20)
const scores = Array.from(drone.predictBatch(rows))

const made = (options: ServiceOptions = {}) =>
  service({ drones: { best: document }, tokens: { write: TOKEN, read: 'reads' }, ...options })

async function ask(to: Service, method: string, path: string, body?: BodyInit | null, headers: HeadersInit = {}) {
  const answer = await to.fetch(new Request(`http://localhost${path}`, { method, body, headers }))
  const text = await answer.text()
  const json = answer.headers.get('content-type') === 'application/json' ? JSON.parse(text) : undefined
  return { status: answer.status, headers: answer.headers, text, json }
}

const writing = { authorization: `Bearer ${TOKEN}` }

test('who may do what: every way to ask by every kind of token', async () => {
  const asks: [string, string, 'open' | 'score' | 'read' | 'write', string?][] = [
    ['GET', '/v2/health/live', 'open'],
    ['GET', '/v2/health/ready', 'open'],
    ['GET', '/openapi.json', 'open'],
    ['GET', '/v2', 'score'],
    ['GET', '/v2/models/best', 'score'],
    ['POST', '/v2/models/best/infer', 'score', inference(rows)],
    ['POST', '/v2/models/best/events', 'score', 'a,b,c\n1,2,3\n'],
    ['POST', '/json', 'score', '{"values":[1,2,3]}'],
    ['GET', '/models', 'score'],
    ['GET', '/params', 'score'],
    ['GET', '/status', 'score'],
    ['GET', '/v2/models', 'read'],
    ['GET', '/v2/models/best/versions', 'read'],
    ['GET', '/v2/models/best/drone.json', 'read'],
    ['GET', '/v2/models/best/drift', 'read'],
    ['GET', '/metrics', 'read'],
    ['PUT', '/v2/models/best/versions/2', 'write', other],
    ['POST', '/v2/models/best/versions/2/promote', 'write', ''],
    ['POST', '/v2/models/best/rollback', 'write', ''],
    ['POST', '/params', 'write', '{"name":"best"}'],
    ['DELETE', '/delete/best', 'write'],
  ]
  const ranks = { open: 0, score: 1, read: 2, write: 3 }
  for (const [open, free] of [
    ['nothing', 0],
    ['scoring', 1],
    ['reading', 2],
  ] as const) {
    for (const [token, rank] of [
      [undefined, 0],
      ['wrong', 0],
      [`${TOKEN}x`, 0],
      [TOKEN.slice(1), 0],
      ['reads', 2],
      [TOKEN, 3],
    ] as const) {
      const to = await made({ open })
      for (const [method, path, role, body] of asks) {
        const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` }
        const { status, headers: answered, json } = await ask(to, method, path, body, headers)
        const what = `${open}, ${token}: ${method} ${path}`
        if (Math.max(free, rank) >= ranks[role]) assert.ok(status < 300, `${what}: ${status}`)
        else {
          assert.is(status, rank > 0 ? 403 : 401, what)
          const expected =
            rank > 0
              ? 'this token may read, but not write'
              : token === undefined
                ? 'a token is needed: Authorization: Bearer …'
                : 'this token is not known'
          assert.equal(json, { error: expected })
          assert.is(answered.get('www-authenticate'), rank > 0 ? null : 'Bearer')
        }
      }
    }
  }
})

test('without a token nobody writes', async () => {
  const to = await service({ drones: { best: document } })
  const error = 'writing is off; start the service with a token in NNDRONE_TOKEN'
  for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Bearer undefined' }] as HeadersInit[]) {
    const { status, json } = await ask(to, 'PUT', '/v2/models/best/versions/2', other, headers)
    assert.equal([status, json], [403, { error }])
  }
})

test('headers: no page of elsewhere makes anything of an answer; CORS for those that are named', async () => {
  const plain = await made()
  for (const path of ['/v2', '/nothing', '/v2/models/best/drone.json', '/metrics']) {
    const { headers } = await ask(plain, 'GET', path, null, { origin: 'https://a.example' })
    assert.is(headers.get('x-content-type-options'), 'nosniff')
    assert.is(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
    assert.is(headers.get('cache-control'), 'no-store')
    assert.is(headers.get('access-control-allow-origin'), null)
    assert.match(headers.get('x-request-id')!, /^[0-9a-f]{12}-[0-9a-z]+$/)
  }
  assert.is((await ask(plain, 'OPTIONS', '/v2', null, { origin: 'https://a.example' })).status, 404)
  const named = await made({ origins: ['https://a.example'] })
  const from = (origin: string, method = 'GET') => ask(named, method, '/v2', null, { origin })
  assert.is((await from('https://a.example')).headers.get('access-control-allow-origin'), 'https://a.example')
  assert.is((await from('https://b.example')).headers.get('access-control-allow-origin'), null)
  assert.is((await from('https://a.example', 'OPTIONS')).status, 204)
  assert.is((await from('https://b.example', 'OPTIONS')).status, 403)
})

test('ids and traces: what cannot stand in a log or is no trace is not passed on', async () => {
  const to = await made()
  const answered = async (headers: HeadersInit) => (await ask(to, 'GET', '/v2', null, headers)).headers
  assert.is((await answered({ 'x-request-id': 'abc/1' })).get('x-request-id'), 'abc/1')
  for (const id of ['', 'a b', '"', 'x'.repeat(129)])
    assert.match((await answered({ 'x-request-id': id })).get('x-request-id')!, /^[0-9a-f]{12}-/)
  const trace = 'a'.repeat(32)
  const parent = 'b'.repeat(16)
  assert.match(
    (await answered({ traceparent: `00-${trace}-${parent}-01` })).get('traceparent')!,
    new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`),
  )
  assert.ok((await answered({ traceparent: `cc-${trace}-${parent}-00-more` })).get('traceparent'), 'a later version')
  for (const wrong of [
    `ff-${trace}-${parent}-01`,
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${parent}-01-more`,
    `00-${trace.toUpperCase()}-${parent}-01`,
    'x',
  ]) {
    assert.is((await answered({ traceparent: wrong })).get('traceparent'), null, wrong)
  }
})

test('names of this host: a page that has its own name lead here is not let in', async () => {
  const to = await made({ hosts: ['localhost', '127.0.0.1'] })
  const at = async (host: string) => (await to.fetch(new Request('http://localhost/v2', { headers: { host } }))).status
  assert.equal(
    [await at('localhost:8080'), await at('127.0.0.1'), await at('evil.example'), await at('')],
    [200, 200, 403, 403],
  )
})

/** What follows is the words of the engine, which change. */
const NOT_JSON = 'the request is not JSON: '

const REFUSED: [string, string, BodyInit | undefined, number, string][] = [
  ['GET', '/v2/models/none', undefined, 404, 'there is no model "none"'],
  ['GET', '/v2/models/best/versions/7', undefined, 404, 'there is no version "best/7"'],
  ['POST', '/nothing', '', 404, 'POST /nothing: there is no such thing; /openapi.json tells what there is'],
  ['POST', '/v2/models/best/infer', 'x', 400, NOT_JSON],
  ['POST', '/v2/models/best/infer', '[]', 400, 'the request: [], expected an object'],
  ['POST', '/v2/models/best/infer', '{}', 400, 'inputs: missing, expected a list of tensors'],
  ['POST', '/v2/models/best/infer', '{"id":1,"inputs":[]}', 400, 'id: 1, expected a string'],
  ['POST', '/v2/models/best/infer', '{"inputs":[7]}', 400, 'inputs[0]: 7, expected an object'],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,3],"datatype":"BYTES","data":[]}]}',
    400,
    'inputs[0].datatype: "BYTES", expected one of FP32, FP64, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,-3],"datatype":"FP64","data":[]}]}',
    400,
    'inputs[0].shape[1]: -3, expected a whole number',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1e9,1e9],"datatype":"FP64","data":[]}]}',
    400,
    'inputs[0].shape: 1000000000000000000, expected at most 67108864 values',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,3],"datatype":"FP64","data":[1,2]}]}',
    400,
    'inputs[0].data: 2 values, but the shape has 3',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,3],"datatype":"FP64","data":[1,2,"3"]}]}',
    400,
    'inputs[0].data[2]: "3", expected a number',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,3],"datatype":"INT64","data":[1,2,0.5]}]}',
    400,
    'inputs[0].data[2]: 0.5, expected a whole number, for INT64',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,4],"datatype":"FP64","data":[1,2,3,4]}]}',
    400,
    'inputs[0].shape: [1, 4], expected [events, 3]: the model has 3 inputs (a, b, c)',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"a","shape":[1],"datatype":"FP64","data":[1]},{"name":"d","shape":[1],"datatype":"FP64","data":[1]}]}',
    400,
    'inputs[1].name: "d" is not an input; there are a, b, c',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"a","shape":[1],"datatype":"FP64","data":[1]},{"name":"b","shape":[2],"datatype":"FP64","data":[1,2]}]}',
    400,
    'inputs[1].shape: [2], expected [1] or [1, 1], as many events as "a" has',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"a","shape":[1],"datatype":"FP64","data":[1]},{"name":"b","shape":[1],"datatype":"FP64","data":[1]}]}',
    400,
    'inputs: "c" missing',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    inference([1, 2, 3], { outputs: [{ name: 'x' }] }),
    400,
    'outputs[0].name: "x", expected one of score',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,3],"datatype":"FP64","parameters":{"binary_data_size":24}}]}',
    400,
    'inputs: 0 bytes behind the JSON, but the tensors have more',
  ],
  [
    'POST',
    '/v2/models/best/infer',
    '{"inputs":[{"name":"e","shape":[1,3],"datatype":"FP64","parameters":{"binary_data_size":23}}]}',
    400,
    'inputs[0].parameters.binary_data_size: 23, expected 24, for 3 values of FP64',
  ],
  ['POST', '/json', '{"keys":["a","b"],"values":[1,2]}', 400, 'keys: "c" missing'],
  ['POST', '/json', '{"keys":["a"],"values":[1,2]}', 400, 'values: 2 values for 1 keys'],
  ['POST', '/json', '{"keys":["a","b","c"],"values":[1,2,"x"]}', 400, 'values[2]: "x", expected a number'],
  ['POST', '/json', '{"values":[1,2,3],"model":"none"}', 404, 'there is no model "none"'],
  ['POST', '/v2/models/best/events', 'a,b\n1,2\n', 400, 'the request: no column "c"; there are a, b'],
  ['POST', '/v2/models/best/events', 'a,b,c\n1,2,x\n', 400, 'the request:2: column "c": "x" is not a number'],
  ['POST', '/v2/models/best/events', '', 400, 'the request: empty'],
  ['POST', '/v2/models/best/events?on-error=x', 'a\n', 400, 'on-error: "x", expected fail, skip or null'],
  [
    'POST',
    '/v2/models/best/events',
    '{"a":1,"b":2,"c":3,"score":1}\n',
    400,
    '"score" is also the name of a score; rename it in the events',
  ],
]

test('what is wrong is said, with the place and the value', async () => {
  const to = await made()
  for (const [method, path, body, status, error] of REFUSED) {
    const answer = await ask(to, method, path, body)
    const said = error === NOT_JSON ? { error: answer.json.error.slice(0, error.length) } : answer.json
    assert.equal([answer.status, said], [status, { error }], `${method} ${path} ${String(body).slice(0, 90)}`)
  }
})

test('drones that are none: whole messages, and nothing changes', async () => {
  const to = await made()
  const broken = JSON.parse(other)
  broken.inputs[0].scale = 'wide'
  for (const [body, error] of [
    ['{', /^not JSON: /],
    [JSON.stringify(broken), 'inputs[0].scale: "wide", expected a finite number'],
    [other.slice(0, -9), /^not JSON: /],
    ['', /^not JSON: /],
  ] as const) {
    const { status, json } = await ask(to, 'PUT', '/v2/models/best/versions/2', body, writing)
    assert.is(status, 400)
    if (typeof error === 'string') assert.is(json.error, error)
    else assert.match(json.error, error)
  }
  const { json } = await ask(to, 'GET', '/v2/models/best/versions')
  assert.equal(
    json.versions.map(({ version }: { version: string }) => version),
    ['1'],
  )
})

test('names are no paths', async () => {
  const to = await made()
  for (const name of [
    '..',
    '.',
    '.hidden',
    '%2e%2e',
    '..%2f..%2fetc',
    'a%2fb',
    'a%5cb',
    'a%00b',
    'x'.repeat(101),
    '-x',
    '%20',
    'ä',
  ]) {
    for (const path of [`/v2/models/${name}/versions/1`, `/v2/models/best/versions/${name}`]) {
      const { status } = await ask(to, 'PUT', path, other, writing)
      assert.ok(status === 400 || status === 404, `${path}: ${status}`)
    }
  }
  assert.equal(
    to.models.entries.map(({ name, versions }) => [name, [...versions.keys()]]),
    [['best', ['1']]],
  )
  const form = new FormData()
  form.set('name', '../evil')
  form.set('model', other)
  assert.is((await ask(to, 'POST', '/upload', form, writing)).status, 400)
})

test('limits: what is declared, what comes, how long it takes, and how many at a time', async () => {
  const to = await made({ limits: { body: 1000, time: 0.2, requests: 2 } })
  const path = '/v2/models/best/infer'
  const large = { error: 'more than 1,000 bytes, the most that a request may have' }
  const declared = await ask(to, 'POST', path, '{}', { 'content-length': '10000000000' })
  assert.equal([declared.status, declared.json, declared.headers.get('connection')], [413, large, 'close'])
  const stream = (chunks: number, wait = 0) =>
    new ReadableStream({
      async pull(controller) {
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        if (chunks-- > 0) controller.enqueue(new Uint8Array(300).fill(32))
        else controller.close()
      },
    })
  const streamed = async (body: ReadableStream, route = path) => {
    const answer = await to.fetch(
      new Request(`http://localhost${route}`, { method: 'POST', body, duplex: 'half' } as RequestInit),
    )
    return [answer.status, await answer.json()]
  }
  assert.equal(await streamed(stream(5)), [413, large])
  assert.equal(await streamed(stream(3, 150)), [408, { error: 'the request did not come within 0.2 s' }])
  assert.equal(await streamed(stream(1, 400), '/v2/models/best/events'), [
    408,
    { error: 'the request did not come within 0.2 s' },
  ])
  const events = await ask(to, 'POST', '/v2/models/best/events', 'a,b,c\n1,2,3\n', { 'content-length': '64001' })
  assert.is(events.status, 413)
  const slow = [1, 2].map(() => streamed(stream(1, 150)))
  const third = await ask(to, 'POST', path, inference(rows.subarray(0, 3)))
  assert.equal([third.status, third.headers.get('retry-after')], [429, '1'])
  assert.equal(third.json, { error: '2 requests are being answered already' })
  assert.is((await ask(to, 'GET', '/v2/health/live')).status, 200, 'health is answered all the same')
  await Promise.all(slow)
  assert.is((await ask(to, 'POST', path, inference(rows.subarray(0, 3)))).status, 200)
})

test('a service that ends takes nothing new, and waits for what it has', async () => {
  const to = await made()
  let go!: () => void
  const waiting = new Promise<void>((resolve) => {
    go = resolve
  })
  const body = new ReadableStream({
    async pull(controller) {
      await waiting
      controller.enqueue(new TextEncoder().encode(inference(rows)))
      controller.close()
    },
  })
  const open = to.fetch(
    new Request('http://localhost/v2/models/best/infer', { method: 'POST', body, duplex: 'half' } as RequestInit),
  )
  const drained = to.drain().then(() => 'drained')
  assert.is((await ask(to, 'GET', '/v2/health/ready')).status, 503)
  assert.is((await ask(to, 'POST', '/v2/models/best/infer', inference(rows))).status, 503)
  assert.is(await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))]), 'waits')
  go()
  assert.is((await open).status, 200)
  assert.is(await drained, 'drained')
})

test('swaps in the middle of requests: each answer is of one version, and none fails', async () => {
  const to = await made()
  await ask(to, 'PUT', '/v2/models/best/versions/2', other, writing)
  const wanted = new Map([
    ['1', scores],
    ['2', Array.from((await trained(2)).predictBatch(rows))],
  ])
  let swapping = true
  const swaps = (async () => {
    for (let k = 0; k < 100; k++) {
      assert.is((await ask(to, 'POST', `/v2/models/best/versions/${1 + (k % 2)}/promote`, '', writing)).status, 200)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })().finally(() => {
    swapping = false
  })
  const versions = new Set<string>()
  while (swapping) {
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const { status, json } = await ask(to, 'POST', '/v2/models/best/infer', inference(rows))
        assert.is(status, 200)
        versions.add(json.model_version)
        assert.equal(json.outputs[0].data.map(Math.fround), wanted.get(json.model_version))
      }),
    )
  }
  await swaps
  assert.is(versions.size, 2)
})

test('promote and roll back: the way back is remembered, and ends', async () => {
  const to = await made()
  for (const version of ['2', '10']) {
    assert.is((await ask(to, 'PUT', `/v2/models/best/versions/${version}?promote`, other, writing)).status, 201)
  }
  const back = async () => {
    const { status, json } = await ask(to, 'POST', '/v2/models/best/rollback', '', writing)
    return [status, json.active ?? json.error]
  }
  assert.is((await ask(to, 'GET', '/v2/models/best/versions')).json.active, '10')
  assert.equal(await back(), [200, '2'])
  assert.equal(await back(), [200, '1'])
  assert.equal(await back(), [409, 'best: there is no version before 1 to go back to'])
  assert.is((await ask(to, 'POST', '/v2/models/best/versions/9/promote', '', writing)).status, 404)
})

test('a missing value, several outputs, and what is wanted of them', async () => {
  const inputs = ['a', 'b'].map((name) => ({ name, offset: 0, scale: 1, ...(name === 'b' && { default: 0.5 }) }))
  const layers = [{ architecture: 'dense', activation: 'linear', weights: [1, 0, 0, 1], bias: [0, 0] }]
  const to = await service({ drones: { two: { inputs, layers, outputs: ['p', 'q'], defaults: { b: 0.5 } } } })
  const tensor = { name: 'e', shape: [2, 2], datatype: 'FP64', data: [1, null, null, 3] }
  const answer = async (more: object) =>
    (await ask(to, 'POST', '/v2/models/two/infer', JSON.stringify({ inputs: [tensor], ...more }))).json.outputs
  assert.equal(await answer({}), [
    { name: 'p', datatype: 'FP32', shape: [2], data: [1, null] },
    { name: 'q', datatype: 'FP32', shape: [2], data: [0.5, null] },
  ])
  assert.equal(await answer({ outputs: [{ name: 'q' }] }), [
    { name: 'q', datatype: 'FP32', shape: [2], data: [0.5, null] },
  ])
})

test('figures: requests, failures, events and scores are counted', async () => {
  const to = await made()
  for (let k = 0; k < 3; k++) await ask(to, 'POST', '/v2/models/best/infer', inference(rows))
  await ask(to, 'POST', '/v2/models/best/infer', 'x')
  const { text } = await ask(to, 'GET', '/metrics')
  const value = (series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    )
  const labels = '{model="best",version="1"}'
  assert.is(value(`nv_inference_request_success${labels}`), 3)
  assert.is(value('nv_inference_request_failure{model="best",version="1",reason="REJECTED"}'), 1)
  assert.is(value(`nv_inference_count${labels}`), 60)
  assert.is(value('request_predict_seconds_count{model_name="best",model_version="1"}'), 3)
  assert.is(value(`nndrone_score_count${labels}`), 60)
  assert.is(
    value('nndrone_score_bucket{model="best",version="1",le="0.5"}'),
    3 * scores.filter((score) => score <= 0.5).length,
  )
  assert.is(value(`nndrone_window_events${labels}`), 60)
  assert.is(value('nndrone_http_requests_total{route="/v2/models/:model/infer",status="200"}'), 3)
  assert.is(value('nndrone_http_requests_total{route="/v2/models/:model/infer",status="400"}'), 1)
  assert.match(text, /nndrone_model_version\{model="best",version="1",sha256="[0-9a-f]{64}"\} 1\n/)
  assert.is(text.split('\n').filter((line) => line.startsWith('nndrone_drift_psi{')).length, 4)
  for (const line of text.split('\n')) assert.match(line, /^$|^# (HELP|TYPE) \w+ |^\w+(\{[^\n]*\})? (\d|NaN|[-+]Inf)/)
})

test('the log: a line of JSON a request, and no token in it', async () => {
  const lines: string[] = []
  const to = await made({ log: (line) => lines.push(line) })
  await ask(to, 'POST', '/v2/models/best/infer?token=secret', inference(rows), { ...writing, 'x-request-id': 'r1' })
  await ask(to, 'PUT', '/v2/models/best/versions/2', 'x', { authorization: 'Bearer wrong-one' })
  await ask(to, 'GET', '/%22%0a%0d', null)
  const [first, second, third] = lines.map((line) => JSON.parse(line))
  const { time, us, ...rest } = first
  assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  assert.ok(us >= 0)
  const path = '/v2/models/best/infer'
  assert.equal(rest, {
    level: 'info',
    message: 'request',
    id: 'r1',
    method: 'POST',
    path,
    status: 200,
    model: 'best',
    version: '1',
    events: 20,
  })
  assert.equal([second.status, second.error, third.status], [401, 'this token is not known', 404])
  assert.not.match(lines.join(''), new RegExp(`${TOKEN}|wrong-one|secret`))
})

test('/openapi.json is OpenAPI 3.1: every way to ask has its parameters and answers', async () => {
  const { json } = await ask(await made(), 'GET', '/openapi.json')
  const refs: string[] = []
  JSON.stringify(json, (key, value) => {
    if (key === '$ref') refs.push(value)
    return value
  })
  assert.equal(refs, [])
  for (const [path, item] of Object.entries(
    json.paths as Record<string, Record<string, { responses?: object; parameters?: unknown }>>,
  )) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = ((item.parameters ?? []) as unknown as { name: string; in: string }[])
      .filter((one) => one.in === 'path')
      .map(({ name }) => name)
    assert.equal(declared, names, path)
    for (const [way, { responses }] of Object.entries(item).filter(([key]) => key !== 'parameters')) {
      assert.match(way, /^(get|put|post|delete)$/)
      assert.equal(Object.keys(responses!), ['200', 'default'], `${way} ${path}`)
    }
  }
})

test.run()
