/** What goes wrong around a service: processes that are killed, full disks, broken files, and clients that mean no good. */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Drone, formatJSON } from '../../../bindings/index.ts'
import { seeded } from '../../support.ts'
import { COMMAND, Folder } from '../support.ts'
import { csvOf, inference, rowsOf, type Serving, serving, TOKEN, trained, writeDrone } from './support.ts'

const test = suite('service, faults')
const folder = new Folder()
test.after(() => folder.remove())

const [first, second] = [await trained(1), await trained(2)]
const rows = rowsOf(3)
const scoresOf = (drone: Drone) => Array.from(drone.predictBatch(rows))
writeDrone(folder, 'one.json', first)
writeDrone(folder, 'two.json', second)

const writing = { authorization: `Bearer ${TOKEN}` }

async function scores(to: Serving, model = 'best'): Promise<{ version: string; scores: number[] }> {
  const answer = await fetch(`${to.url}/v2/models/${model}/infer`, { method: 'POST', body: inference(rows) })
  const json = (await answer.json()) as { model_version: string; outputs: { data: number[] }[] }
  assert.is(answer.status, 200, JSON.stringify(json))
  return { version: json.model_version, scores: json.outputs[0]!.data.map(Math.fround) }
}

/** Until something is so. */
async function until(what: string, so: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await so()) return
    await wait(50)
  }
  throw new Error(`never: ${what}`)
}

function modelsFolder(name: string): string {
  mkdirSync(folder.file(`${name}/best/1`), { recursive: true })
  copyFileSync(folder.file('one.json'), folder.file(`${name}/best/1/drone.json`))
  return name
}

/** The status of a PUT; undefined where the connection ends before there is one. */
function putting(port: number, path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, method: 'PUT', agent: false, headers: writing }
    const sent = request(options, (answer) => {
      answer.on('error', () => {})
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', () => resolve(undefined))
    sent.on('close', () => resolve(undefined))
    sent.end(body)
  })
}

/** What a client that knows no manners gets, until the connection ends. */
function raw(port: number, pieces: readonly (string | Buffer)[], pause = 0): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (some) => {
      text += some
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
    const send = async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return
        socket.write(piece)
        if (pause > 0) await wait(pause)
      }
    }
    void send()
  })
}

test('a file that changes is taken up; a broken one is refused and told, and the one before stays', async () => {
  const models = modelsFolder('changing')
  const to = await serving(folder, ['--models', models, 'named=one.json'])
  try {
    assert.equal(await scores(to), { version: '1', scores: scoresOf(first) })
    mkdirSync(folder.file('changing/best/2'))
    writeFileSync(folder.file('changing/best/2/drone.json'), '{"inputs":[]')
    await until('the broken one is told', () => /a version was refused","model":"best","version":"2"/.test(to.said()))
    assert.equal(await scores(to), { version: '1', scores: scoresOf(first) })
    writeFileSync(folder.file('new.json'), formatJSON(second))
    renameSync(folder.file('new.json'), folder.file('changing/best/2/drone.json'))
    await until('the mended one answers', async () => (await scores(to)).version === '2')
    assert.equal((await scores(to)).scores, scoresOf(second))
    writeFileSync(folder.file('one.json'), 'broken')
    await until('the named one is told', () => /refused","model":"named"/.test(to.said()))
    assert.equal((await scores(to, 'named')).scores, scoresOf(first))
    writeDrone(folder, 'one.json', first)
    rmSync(folder.file('changing/best/2'), { recursive: true })
    await until('the one that is gone does not answer', async () => (await scores(to)).version === '1')
    assert.is((await fetch(`${to.url}/v2/models/best/versions/2`)).status, 404)
  } finally {
    assert.is(await to.end(), 0)
  }
})

test('killed in the middle of a PUT: old or new, never half', async () => {
  const models = modelsFolder('killed')
  const random = seeded(4)
  const documents = new Map<string, string>()
  let to = await serving(folder, ['--models', models])
  for (let k = 2; k < 8; k++) {
    const version = String(k)
    const document = k % 2 ? formatJSON(first) : formatJSON(second)
    documents.set(version, document)
    const put = putting(to.port, `/v2/models/best/versions/${version}?promote`, document)
    await wait(random.uniform() * 12)
    await to.end('SIGKILL')
    const status = await put
    for (const found of readdirSync(folder.file('killed/best')).filter((name) => /^\d+$/.test(name) && name !== '1')) {
      const path = folder.file(`killed/best/${found}/drone.json`)
      if (existsSync(path)) assert.is(readFileSync(path, 'utf8'), documents.get(found), found)
    }
    to = await serving(folder, ['--models', models])
    if (status === 201) assert.is((await scores(to)).version, version, 'what was answered is kept')
    assert.not.match(to.said(), /refused/)
    await scores(to)
  }
  await to.end()
})

const limited = spawnSync('bash', ['-c', 'ulimit -f 1 && echo yes']).stdout?.toString() === 'yes\n'
if (!limited) console.log('skipped: a disk that is full (no ulimit)')
;(limited ? test : test.skip)(
  'a disk that is full: said, nothing half is left, and what was there answers',
  async () => {
    const models = modelsFolder('full')
    // Files of at most 1 kB stand for a disk without room; the pipe of the log is no file.
    const command = ['bash', '-c', 'ulimit -f 1; exec "$@"', 'bash', process.execPath, COMMAND]
    const to = await serving(folder, ['--models', models], { command })
    try {
      const put = await fetch(`${to.url}/v2/models/best/versions/2?promote`, {
        method: 'PUT',
        body: formatJSON(second),
        headers: writing,
      })
      const { error } = (await put.json()) as { error: string }
      assert.ok(put.status === 507 || put.status === 500, String(put.status))
      assert.match(error, /^the version could not be kept: /)
      assert.not.match(error, new RegExp(folder.path))
      const left = readdirSync(folder.file('full/best'), { recursive: true }).filter((name) =>
        /drone\.json$|\.tmp$/.test(String(name)),
      )
      assert.equal(left, ['1/drone.json'])
      assert.equal(await scores(to), { version: '1', scores: scoresOf(first) })
    } finally {
      await to.end()
    }
  },
)

test('slow heads, slow bodies, and 10 GB that are declared', async () => {
  const to = await serving(folder, ['best=one.json', '--max-time', '1'])
  try {
    const head = 'POST /v2/models/best/infer HTTP/1.1\r\nHost: localhost\r\n'
    const [slowHead, slowBody, large, chunked, line] = await Promise.all([
      raw(to.port, [head, ...Array.from({ length: 40 }, (_, k) => `x-${k}: y\r\n`)], 500),
      raw(to.port, [`${head}Content-Length: 1000\r\n\r\n`, ...Array.from({ length: 40 }, () => ' ')], 300),
      raw(to.port, [`${head}Content-Length: 10000000000\r\n\r\n`, Buffer.alloc(1 << 16)]),
      raw(to.port, [`${head}Transfer-Encoding: chunked\r\n\r\n`, '5\r\n{"a":\r\n'], 100),
      raw(to.port, [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`]),
    ])
    assert.match(slowHead, /^HTTP\/1\.1 408 /)
    assert.match(slowBody, /^HTTP\/1\.1 408 [\s\S]*the request did not come within 1 s/)
    assert.match(large, /^HTTP\/1\.1 413 [\s\S]*more than 16,777,216 bytes/)
    assert.match(chunked, /^HTTP\/1\.1 408 /)
    assert.match(line, /^HTTP\/1\.1 431 /)
    assert.equal((await scores(to)).scores, scoresOf(first))
  } finally {
    assert.is(await to.end(), 0)
  }
})

const REQUESTS = 10_000

test(`${REQUESTS} malformed requests: each is answered or refused, and the service goes on`, async () => {
  const to = await serving(folder, ['best=one.json', '--no-log', '--max-time', '2'])
  const random = seeded(Number(process.env.NNDRONE_SEED ?? 1))
  const any = <Value>(list: readonly Value[]) => list[Math.floor(random.uniform() * list.length)]!
  const noise = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random.uniform() * 94))).join('')
  const bodies = [
    inference(rows),
    csvOf(rows),
    '{"keys":["a","b","c"],"values":[1,2,3]}',
    formatJSON(first),
    '',
    '[]',
    '{"inputs":',
  ]
  const paths = [
    '/v2',
    '/v2/models/best',
    '/v2/models/best/infer',
    '/v2/models/best/versions/1/infer',
    '/v2/models/best/events',
    '/json',
    '/upload',
    '/params',
    '/delete/best',
    '/metrics',
    '/v2/models/..%2f..%2fetc/versions/1',
    '/../../etc/passwd',
    '/v2//models',
    '/%ff',
    '/v2/models/best/versions/9',
  ]
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const counts = new Map<number, number>()
  const mutate = (text: string) => {
    const bytes = Buffer.from(text)
    for (let k = 0; k < 1 + 3 * random.uniform() && bytes.length > 0; k++)
      bytes[Math.floor(random.uniform() * bytes.length)] = Math.floor(random.uniform() * 256)
    return random.uniform() < 0.2 ? bytes.subarray(0, Math.floor(random.uniform() * bytes.length)) : bytes
  }
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const path = random.uniform() < 0.1 ? `/${noise(20).replace(/[#\\]/g, '')}` : any(paths)
      const body = random.uniform() < 0.7 ? mutate(any(bodies)) : Buffer.from(any(bodies))
      const headers: Record<string, string> = { 'content-length': String(body.length) }
      if (random.uniform() < 0.3)
        headers[
          any([
            'content-type',
            'authorization',
            'inference-header-content-length',
            'traceparent',
            'x-request-id',
            'content-encoding',
            'expect',
          ])
        ] = any([noise(30), '-1', '12', '99999999999', 'NaN', 'Bearer x', 'multipart/form-data; boundary=x', 'base64'])
      const method = any(['GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'])
      const sent = request({ port: to.port, host: '127.0.0.1', method, path, headers, agent }, (answer) => {
        counts.set(answer.statusCode!, (counts.get(answer.statusCode!) ?? 0) + 1)
        answer.on('error', () => resolve())
        answer.on('end', resolve)
        answer.resume()
      })
      sent.on('error', (error: NodeJS.ErrnoException) =>
        /ECONNRESET|EPIPE|HPE_/.test(error.code ?? '') ? resolve() : reject(error),
      )
      sent.end(body)
    })
  try {
    for (let done = 0; done < REQUESTS; done += 100) await Promise.all(Array.from({ length: 100 }, one))
    const broken = [
      '\r\n\r\n',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'POST /json HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n',
      'POST /json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'POST /json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      '\x16\x03\x01\x02\x00',
      'GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n',
    ]
    const answers = await Promise.all(broken.map((text) => raw(to.port, [text, '\r\n\r\n'], 20)))
    for (const answer of answers.filter((text) => text !== '')) assert.match(answer, /^HTTP\/1\.1 4\d\d /)
    const bugs = [...counts].filter(([status]) => status >= 500)
    assert.equal(bugs, [], to.said())
    assert.ok(
      (counts.get(400) ?? 0) > REQUESTS / 25 && (counts.get(200) ?? 0) > REQUESTS / 50,
      JSON.stringify([...counts]),
    )
    assert.match(to.said(), /^serving best at [^\n]+\n$/)
    assert.equal((await scores(to)).scores, scoresOf(first))
  } finally {
    agent.destroy()
    assert.is(await to.end(), 0)
  }
})

test('100 swaps under load: not one failed answer, and none of two versions', async () => {
  const models = modelsFolder('swapped')
  const to = await serving(folder, ['--models', models, '--no-log'])
  const wanted = new Map([
    ['1', scoresOf(first)],
    ['2', scoresOf(second)],
  ])
  try {
    const put = await fetch(`${to.url}/v2/models/best/versions/2`, {
      method: 'PUT',
      body: formatJSON(second),
      headers: writing,
    })
    assert.is(put.status, 201)
    let swapping = true
    const counts = new Map<string, number>()
    const load = async () => {
      while (swapping) {
        const answer = await scores(to)
        assert.equal(answer.scores, wanted.get(answer.version))
        counts.set(answer.version, (counts.get(answer.version) ?? 0) + 1)
      }
    }
    const clients = Array.from({ length: 4 }, load)
    for (let k = 0; k < 100; k++) {
      const { status } = await fetch(`${to.url}/v2/models/best/versions/${1 + ((k + 1) % 2)}/promote`, {
        method: 'POST',
        headers: writing,
      })
      assert.is(status, 200)
    }
    swapping = false
    await Promise.all(clients)
    assert.equal([...counts.keys()].sort(), ['1', '2'])
  } finally {
    assert.is(await to.end(), 0)
  }
})

test('SIGTERM: what has begun comes to its end', async () => {
  const to = await serving(folder, ['best=one.json'])
  const socket = connect(to.port, '127.0.0.1')
  let text = ''
  socket.on('data', (some) => {
    text += some
  })
  const body = inference(rows)
  socket.write(
    `POST /v2/models/best/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  )
  await until('it has begun', async () => /"pending":2/.test(await (await fetch(`${to.url}/status`)).text()))
  const ended = to.end()
  await wait(300)
  socket.write(body.slice(20))
  assert.is(await ended, 0)
  assert.match(text, /^HTTP\/1\.1 200 OK[\s\S]*"model_version":"1"/)
  const again = await fetch(to.url).then(
    () => 'answers',
    () => 'away',
  )
  assert.is(again, 'away')
})

test('mistakes of usage', () => {
  const cases: [string[], string][] = [
    [[], 'nothing to serve; name drones, or a folder with --models'],
    [['one.json', 'a/one.json'], 'a/one.json: no such file'],
    [['one.json', 'one=two.json'], 'two.json: is one, as one.json is; give it another name, as NAME=two.json'],
    [
      ['one.json', '--host', '0.0.0.0'],
      '--host 0.0.0.0: can be reached from elsewhere; set a token in NNDRONE_TOKEN, or add --public to let anybody score',
    ],
    [['--models', 'one.json'], '--models one.json: is a file, expected a folder'],
    [
      ['one.json', '--cors', 'x'],
      "option '--cors <origins...>' argument 'x' is invalid. Expected an origin, as https://example.org.",
    ],
    [['events.txt'], 'events.txt: not a model of a known format'],
  ]
  folder.write('events.txt', 'a,b,c\n')
  for (const [args, message] of cases) {
    const { status, out, err } = folder.run('serve', ...args, '--port', '0')
    assert.ok(status === 1 || status === 2, String(status))
    assert.is(out, '')
    assert.is(err.slice(0, `nndrone: ${message}`.length), `nndrone: ${message}`)
  }
})

test('memory stays flat', async () => {
  const requests = Number(process.env.NNDRONE_REQUESTS ?? 100_000)
  const to = await serving(folder, ['best=one.json'])
  // The log has to go somewhere.
  const size = () => {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${to.child.pid}/status`, 'utf8'))!
    return Number(kilobytes) / 1024
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const body = inference(rows)
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request(
        {
          port: to.port,
          method: 'POST',
          path: '/v2/models/best/infer',
          agent,
          headers: { 'content-length': body.length },
        },
        (answer) => {
          assert.is(answer.statusCode, 200)
          answer.on('end', resolve)
          answer.resume()
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  const sizes: number[] = []
  try {
    for (let part = 0; part < 10; part++) {
      for (let done = 0; done < requests / 10; done += 200) await Promise.all(Array.from({ length: 200 }, one))
      sizes.push(size())
    }
    const [early, late] = [Math.max(...sizes.slice(1, 5)), Math.max(...sizes.slice(6))]
    assert.ok(late < early * 1.15 + 8, `MB after each tenth: ${sizes.map((mb) => mb.toFixed(0)).join(', ')}`)
  } finally {
    agent.destroy()
    await to.end()
  }
})

test.run()
