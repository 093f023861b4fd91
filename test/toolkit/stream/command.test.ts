/** nndrone stream, publish and status as a user meets them: limits, drones that change, swarms, cuts, and what is refused. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, formatJSON, shortest } from '../../../bindings/index.ts'
import { randomNetwork, seeded } from '../../support.ts'
import { ended, Folder, someDrone } from '../support.ts'
import { type Client, freePort, type Server, type Stored, stored, until, withServer } from './nats.ts'

const test = suite('stream: command')

const textOf = ({ body }: Stored) => Buffer.from(body).toString()

async function streams({ jsm }: Client): Promise<void> {
  await jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] })
  await jsm.streams.add({ name: 'SCORES', subjects: ['scores', 'scores.dead', 'passed'] })
}

/** A worker that runs, and what it tells. */
class Worker {
  readonly #child: ReturnType<Folder['start']>
  readonly #ended: Promise<number | null>
  told = ''

  constructor(folder: Folder, server: Server, ...args: string[]) {
    this.#child = folder.start('stream', ...args, '--from', `${server.url}/EVENTS`)
    this.#child.stderr.on('data', (text) => {
      this.told += text
    })
    this.#ended = ended(this.#child)
  }

  async tells(pattern: RegExp): Promise<void> {
    await until(String(pattern), () => pattern.test(this.told) || this.#child.exitCode !== null).catch((error) => {
      throw new Error(`${error.message}: ${this.told}`)
    })
    assert.match(this.told, pattern)
  }

  /** Its exit code, once it ends by itself. */
  over(): Promise<number | null> {
    return this.#ended
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#ended
  }
}

async function count({ jsm }: Client, name: string, messages: number): Promise<void> {
  await until(`${messages} in ${name}`, async () => (await jsm.streams.info(name)).state.messages >= messages)
}

withServer(
  test,
  'what is larger than the broker takes is split, or told',
  async (server) => {
    const folder = new Folder()
    const drone = someDrone(folder)
    const client = await server.client()
    await streams(client)
    const events = Array.from({ length: 900 }, (_, id) => ({
      id,
      a: id / 900,
      b: 1,
      c: -id / 900,
      bad: id === 450 ? 1 : 0,
    }))
    const lines = events.map((event) => (event.bad ? '{"id":450}' : JSON.stringify(event)))
    await client.js.publish('events.x', lines.join('\n'))
    const large = JSON.stringify({ a: 1, c: 2, text: 'x'.repeat(65_400) })
    await client.js.publish('events.x', large)
    const huge = `{"a":1,"text":"${'y'.repeat(65_450)}`
    await client.js.publish('events.x', huge)
    const worker = new Worker(folder, server, 'drone.json', '--to', `${server.url}/scores`, '--keep', 'all')
    await count(client, 'SCORES', 5)
    assert.is(await worker.stop(), 0)
    assert.match(
      worker.told,
      /warning: EVENTS 3: the dead letter holds the first \d+ of 65465 bytes, since the broker takes no more\n/,
    )

    const answers = await stored(client, 'SCORES', 'scores')
    assert.equal(
      answers.map(({ headers }) => [headers.get('Nndrone-Events'), headers.get('Nndrone-Refused')]),
      [
        ['0-449/900', undefined],
        ['450-899/900', '450'],
      ],
    )
    const scored = answers.map(textOf).join('').trimEnd().split('\n')
    const expected = events
      .filter(({ bad }) => !bad)
      .map(
        (event) =>
          `${JSON.stringify(event).slice(0, -1)},"y0":${shortest(drone.predict([event.a, event.b, event.c]))}}`,
      )
    assert.equal(scored, expected)
    const letters = await stored(client, 'SCORES', 'scores.dead')
    const told = letters.map(({ headers, body }) => {
      return ['Source', 'Index', 'Reason', 'Truncated']
        .map((name) => headers.get(`Nndrone-${name}`))
        .concat(String(body.length))
    })
    assert.equal(
      told.sort().map((letter) => letter.slice(0, 4)),
      [
        ['EVENTS/1', '450', '"a": missing', undefined],
        ['EVENTS/2', '0', 'its answer is larger than the 65,536 bytes that the broker takes', String(large.length)],
        [
          'EVENTS/3',
          '0',
          `"{\\"a\\":1,\\"text\\":\\"${'y'.repeat(25)}…" is not JSON; each line holds an event, an object or an array`,
          '65465',
        ],
      ],
    )
    folder.remove()
  },
  'max_payload: 65536',
)

withServer(
  test,
  'a drone of a bucket changes while it scores; a broken one does not; a swarm; a rollback',
  async (server) => {
    const folder = new Folder()
    const client = await server.client()
    await streams(client)
    const drone = (seed: number) => {
      const network = randomNetwork(seeded(seed), { widths: [2, 3, 1] })
      const made = Drone.from({ ...network, inputs: ['a', 'b'].map((name) => ({ name, offset: 0, scale: 1 })) })
      folder.write(`d${seed}.json`, formatJSON(made.toJSON()))
      return made
    }
    const [one, two] = [drone(1), drone(2)]
    const publish = (...args: string[]) => folder.run('publish', ...args, '--server', server.url)
    const early = folder.run(
      'stream',
      '--drone',
      'kv://drones/t',
      '--from',
      `${server.url}/EVENTS`,
      '--to',
      `${server.url}/scores`,
    )
    assert.is(early.err, `nndrone: ${server.url}: no bucket "drones"; nndrone publish makes it\n`)
    assert.equal(publish('d1.json', 'kv://drones/t'), {
      status: 0,
      out: '',
      err: 'put d1.json as version 1 of kv://drones/t\n',
    })
    const worker = new Worker(folder, server, '--drone', 'kv://drones/t', '--to', `${server.url}/scores`)
    await worker.tells(/drone t, version 1, durable nndrone-t\n/)
    await client.js.publish('events.x', '[1,2]')
    await count(client, 'SCORES', 1)
    publish('d2.json', 'kv://drones/t')
    await worker.tells(/kv:\/\/drones\/t, version 2: scores now, instead of 1\n/)
    await client.js.publish('events.x', '[1,2]')
    await count(client, 'SCORES', 2)
    await client.js.publish('$KV.drones.t', '{"inputs":[]}')
    await worker.tells(/warning: kv:\/\/drones\/t, version 3: kv:\/\/drones\/t: .*; version 2 goes on\n/)
    await client.js.publish('events.x', '[1,2]')
    await count(client, 'SCORES', 3)
    assert.is(publish('--rollback', '1', 'kv://drones/t').err, 'put version 1 as version 4 of kv://drones/t\n')
    await worker.tells(/version 4: scores now, instead of 2\n/)
    await client.js.publish('events.x', '[1,2]')
    await count(client, 'SCORES', 4)
    const status = JSON.parse(
      folder.run('stream', 'status', '--from', `${server.url}/EVENTS`, '--durable', 'nndrone-t', '--json').out,
    )
    assert.equal(
      [status.stream, status.durable, status.messages, status.pending, status.acknowledged],
      ['EVENTS', 'nndrone-t', 4, 0, 4],
    )
    assert.equal(
      status.workers.map((each: { version: string; messages: number }) => [each.version, each.messages]),
      [['4', 4]],
    )
    assert.is(await worker.stop(), 0)
    const answers = await stored(client, 'SCORES', 'scores')
    const line = (made: Drone, version: string) => [version, `{"y0":${shortest(made.predict([1, 2]))}}`]
    assert.equal(
      answers.map((answer) => [answer.headers.get('Nndrone-Version'), textOf(answer)]),
      [line(one, '1'), line(two, '2'), line(two, '2'), line(one, '4')],
    )
    const history = JSON.parse(publish('--history', 'kv://drones/t', '--json').out)
    assert.equal(
      history.versions.map(({ version }: { version: number }) => version),
      [1, 2, 3, 4],
    )
    assert.match(publish('--rollback', '9', 'kv://drones/t').err, /no version 9; there are 1, 2, 3, 4\n$/)
    assert.match(publish('--rollback', '3', 'kv://drones/t').err, /^nndrone: kv:\/\/drones\/t, version 3: /)

    publish('d1.json', 'kv://many/one')
    publish('d2.json', 'kv://many/two')
    const swarm = new Worker(folder, server, '--drone', 'kv://many', '--to', `${server.url}/scores`)
    await count(client, 'SCORES', 8)
    publish('d1.json', 'kv://many/two')
    await swarm.tells(/kv:\/\/many, version 3: scores now, instead of 2\n/)
    await client.js.publish('events.x', '[1,2]')
    await count(client, 'SCORES', 9)
    assert.is(await swarm.stop('SIGINT'), 130)
    const both = (await stored(client, 'SCORES', 'scores')).slice(4)
    const [first, second] = [one, two].map((made) => shortest(made.predict([1, 2])))
    assert.equal(
      [textOf(both[0]!), textOf(both[4]!)],
      [`{"one":${first},"two":${second}}`, `{"one":${first},"two":${first}}`],
    )
    folder.remove()
  },
)

withServer(test, 'cuts, order, workers and metrics; events that cannot be scored skip or end', async (server) => {
  const folder = new Folder()
  const drone = someDrone(folder)
  const client = await server.client()
  await streams(client)
  const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), i / 40, Math.cos(i)])
  const scores = rows.map((row) => drone.predict(row))
  const threshold = scores.toSorted((a, b) => a - b)[20]!
  drone.setCut('half', { output: 'y0', threshold })
  folder.write('drone.json', formatJSON(drone.toJSON()))
  for (const [i, [a, b, c]] of rows.entries()) await client.js.publish('events.x', JSON.stringify({ id: i, a, b, c }))
  const port = await freePort()
  const cut = ['drone.json', '--cut', 'half', '--only-passing', '--keep', 'id']
  const worker = new Worker(
    folder,
    server,
    ...cut,
    '--to',
    `${server.url}/passed`,
    '--on-error',
    'skip',
    '--in-order',
    '--durable',
    'cut',
    '--metrics',
    String(port),
  )
  await count(client, 'SCORES', 20)
  await client.js.publish('events.x', 'nothing')
  await worker.tells(/left out: EVENTS 41, event 0: "nothing" is not JSON/)
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  assert.match(metrics, /^nv_inference_count\{model="drone",version="[0-9a-f]{12}"\} 40$/m)
  assert.match(metrics, /^nndrone_window_events\{.*\} 40$/m)
  assert.match(metrics, /^nndrone_stream_redelivered 0$/m)
  assert.is(await worker.stop(), 0)
  assert.match(worker.told, /\n20 events passed the cut\n1 event could not be scored: left out\n$/)
  const passed = (await stored(client, 'SCORES', 'passed')).map((answer) => JSON.parse(textOf(answer)).id)
  assert.equal(
    passed,
    [...rows.keys()].filter((i) => scores[i]! >= threshold),
  )

  const failing = new Worker(
    folder,
    server,
    'drone.json',
    '--to',
    `${server.url}/scores`,
    '--on-error',
    'fail',
    '--durable',
    'fail',
  )
  await failing.tells(
    /\nnndrone: EVENTS 41, event 0: "nothing" is not JSON; each line holds an event, an object or an array\n/,
  )
  assert.is(await failing.over(), 1)
  await client.jsm.streams.purge('SCORES')

  const several = new Worker(
    folder,
    server,
    'drone.json',
    '--to',
    `${server.url}/scores`,
    '--workers',
    '2',
    '--durable',
    'two',
  )
  await several.tells(/durable two\n.*durable two\n/)
  await count(client, 'SCORES', 41)
  assert.is(await several.stop(), 0)
  assert.match(several.told, /\n40 events of 41 messages scored in /)
  folder.remove()
})

withServer(
  test,
  'what cannot be is refused: streams that are not there, subjects that nobody keeps, circles, strangers',
  async (server) => {
    const folder = new Folder()
    someDrone(folder)
    const client = await server.client({ user: 'one', pass: 'secret' })
    await streams(client)
    const env = process.env
    const run = (from: string, to: string, ...args: string[]) => {
      return folder.run(
        'stream',
        'drone.json',
        '--from',
        `${server.url}/${from}`,
        '--to',
        `${server.url}/${to}`,
        ...args,
      )
    }
    assert.match(
      run('EVENTS', 'scores').err,
      /^nndrone: nats:\/\/.*: authorization violation; NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_NKEY or NATS_CREDS say who you are\n$/,
    )
    Object.assign(env, { NATS_USER: 'one', NATS_PASSWORD: 'secret' })
    try {
      const { url } = server
      const cases: [ReturnType<Folder['run']>, number, string][] = [
        [run('EVENT', 'scores'), 1, `${url}: no stream "EVENT"; there are EVENTS, SCORES`],
        [
          run('EVENTS', 'nowhere'),
          1,
          `${url}: no stream keeps the subject "nowhere" (--to), and what is sent there would be lost; make one, as by nats stream add`,
        ],
        [
          run('EVENTS', 'scores', '--dead', 'lost'),
          1,
          `${url}: no stream keeps the subject "lost" (--dead), and what is sent there would be lost; make one, as by nats stream add; or choose --on-error skip or fail`,
        ],
        [
          run('EVENTS', 'events.back'),
          2,
          `--to "events.back": what is sent there would come from the stream EVENTS again; choose a subject of another stream, or name one in --from`,
        ],
        [run('EVENTS', 'scores.*'), 2, '--to "scores.*": expected a subject without wildcards'],
        [
          run('EVENTS', 'scores', '--cut', 'none'),
          2,
          '--cut none: drone.json has no cut of this name; it has none; --save-cut of compare makes one',
        ],
        [folder.run('stream', 'drone.json', '--to', `${url}/scores`), 2, '--from is missing; --help shows examples'],
        [
          folder.run('stream', '--from', `${url}/EVENTS`, '--to', `${url}/scores`),
          2,
          'no drone given; name a file, or kv://BUCKET/KEY',
        ],
        [
          folder.run('stream', 'none.json', '--from', `${url}/EVENTS`, '--to', `${url}/scores`),
          1,
          'none.json: no such file',
        ],
        [
          folder.run('stream', 'drone.json', '--from', 'nats://one:secret@localhost/EVENTS', '--to', `${url}/scores`),
          2,
          '--from: leave user and password out, since others can read the command line; give them by NATS_USER and NATS_PASSWORD',
        ],
        [
          folder.run('publish', 'drone.json', 'drones/x'),
          2,
          'drone.json drones/x: expected a drone and its place, as drone.json kv://BUCKET/KEY',
        ],
        [
          folder.run('stream', 'status', '--from', `${url}/EVENTS`, '--durable', 'x'),
          1,
          `${url}/EVENTS: no durable consumer "x"; there is none (--durable names another)`,
        ],
      ]
      for (const [{ status, err }, code, message] of cases) {
        assert.is(err, `nndrone: ${message}\n`)
        assert.is(status, code, message)
      }
    } finally {
      delete env.NATS_USER
      delete env.NATS_PASSWORD
    }
    await server.stop()
    assert.is(run('EVENTS', 'scores').err, `nndrone: ${server.url}: connection refused; is the server running?\n`)
    folder.remove()
  },
  'authorization { user: one, password: secret }',
)

for (const [name, greeting, said] of [
  ['before the server answers', '', 'the connection was cut before the server answered'],
  ['after its first words', 'INFO {"max_payload":1048576,"headers":true}\r\n', 'no answer in time'],
] as const) {
  test(`a connection that is cut ${name} is told`, async () => {
    const folder = new Folder()
    someDrone(folder)
    const cutting = createServer((socket) => {
      if (greeting === '') socket.destroy()
      else socket.once('data', () => socket.destroy()).write(greeting)
    }).listen(0, '127.0.0.1')
    await once(cutting, 'listening')
    const url = `nats://127.0.0.1:${(cutting.address() as AddressInfo).port}`
    const child = folder.start('stream', 'drone.json', '--from', `${url}/EVENTS`, '--to', `${url}/scores`)
    let told = ''
    child.stderr.on('data', (text) => {
      told += text
    })
    assert.is(await ended(child), 1)
    assert.is(told, `nndrone: ${url}: ${said}\n`)
    cutting.close()
    folder.remove()
  })
}

test.run()
